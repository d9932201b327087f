"""An app with the pages and routes that tests of the web side need."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask

from shared import config
from shared.config import WebSettings
from shared.db import Database
from shared.staff.models import metadata as staff
from shared.web import make_app
from shared.web.models import metadata
from tests.support.pages import pages

KEY = "ab" * 32


class Clock:
    """A clock that stands until a test moves it."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 7, 2, 12, 20, 30, 500_000, tzinfo=UTC)
        self.tick = timedelta(0)  # by which it goes on whenever somebody looks

    def __call__(self) -> datetime:
        self.moment += self.tick
        return self.moment

    def pass_by(self, **span: int) -> None:
        self.moment += timedelta(**span)


def an_environ(database_url: str, **more: str) -> dict[str, str]:
    """Return an environment that any service can run in, with *more* of its own."""
    return {
        "DATABASE_URL": database_url,
        "INSTANCE": "test",
        "BASE_URL": "http://localhost",
        "LINK_KEYS": f"1:{KEY}",
        "ADDRESS_KEY": KEY,
        "SECRET_KEY": KEY,
        "STAFF_KEY": KEY,
        "ORGANISATION": "Example Minds",
        "CONTACT_EMAIL": "hello@example.org",
    } | more


def some_settings(**changes: str) -> WebSettings:
    """Return settings as a service has them."""
    environ = {
        "DATABASE_URL": "sqlite:////not/used",
        "INSTANCE": "example-trust",
        "BASE_URL": "http://localhost",
        "LINK_KEYS": f"1:{KEY}",
        "ADDRESS_KEY": KEY,
        "SECRET_KEY": KEY,
        "STAFF_KEY": KEY,
        "ORGANISATION": "Hillside Together",
        "CONTACT_EMAIL": "hello@example.org",
    }
    return config.read(WebSettings, environ | changes)


@contextmanager
def an_app(directory: Path, clock: Clock | None = None, **settings: str) -> Iterator[Flask]:
    """Yield the app of a service "sample", on a database of its own."""
    database = Database(f"sqlite:///{directory}/sample.db", clock=clock or Clock())
    metadata.create_all(database.engine)
    staff.create_all(database.engine)
    app = make_app("sample", settings=some_settings(**settings), database=database)
    app.register_blueprint(pages)
    yield app
    database.dispose()


def csrf_token(client: Any, path: str = "/form") -> str:
    """Return the token in the form that the page at *path* shows."""
    page: str = client.get(path).text
    return page.partition('name="csrf_token" value="')[2].partition('"')[0]
