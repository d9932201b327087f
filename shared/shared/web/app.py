"""Making an app: all that every service's pages and API have in common, in one call."""

from collections.abc import Iterable
from types import TracebackType
from typing import Any

import structlog
from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from shared.config import WebSettings
from shared.db import Database
from shared.web import bodies, errors, headers, health, house, requests, staff, system
from shared.web.system import Own
from shared.web.theme import install_theme

_log = structlog.get_logger(__name__)


class Application(Flask):
    """A Flask app that knows how many proxies stand before it, and logs nobody's words."""

    def __init__(self, package: str, *, trusted_proxies: int) -> None:
        super().__init__(package, static_folder=None)
        # The host is not taken from a proxy: links are made from BASE_URL.
        self._proxied = ProxyFix(
            super().wsgi_app, x_for=trusted_proxies, x_proto=trusted_proxies, x_host=0
        )

    def wsgi_app(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Answer one request within its own trace."""
        with requests.traced(environ, self.name):
            return self._proxied(environ, start_response)

    def log_exception(
        self,
        exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None],
    ) -> None:
        """Log what nobody expected; Flask itself would write the path, which may be a link."""
        _log.error("request.failed", route=requests.route(), exc_info=exc_info)


def make_app(
    package: str, *, settings: WebSettings, database: Database, own: Own | None = None
) -> Flask:
    """Return the app of service *package* with all that services share, and no pages yet.

    Templates are found in the package's own `templates` and in shared's. Nothing is read from the
    environment, and nothing but metrics is common to two apps in one process. What staff are told
    of how the service stands is the same for all, and what is its *own* besides.
    """
    app = Application(package, trusted_proxies=settings.trusted_proxies)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME=f"{package}_session",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https://"),
        SESSION_REFRESH_EACH_REQUEST=False,
        # People may take all day over a form; the token is bound to their session anyway.
        WTF_CSRF_TIME_LIMIT=None,
    )
    house.furnish(app, settings=settings, database=database)
    requests.install(app)
    headers.install(app, settings)
    errors.install(app)
    bodies.install(app)
    CSRFProtect(app)
    install_theme(
        app,
        package=package,
        organisation=settings.organisation,
        contact_email=settings.contact_email,
        help_lines=settings.urgent_help,
        theme=settings.theme,
    )
    staff.install(app)
    health.install(app)
    system.install(app, own or Own())
    return app
