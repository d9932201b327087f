"""The only place where membership is wired together."""

import os
from collections.abc import Mapping

from flask import Flask

from membership.config import MembershipSettings
from membership.handlers import HANDLERS
from membership.members import addresses, erasing
from membership.members.commands import forget_unproven
from membership.members.pages import BLUEPRINTS
from membership.staff import pages as staff_pages
from membership.staff.queries import forget_old_sessions
from shared.clock import Clock, utc_now
from shared.config import read
from shared.db import Database
from shared.service import Service
from shared.staff import forget_ended_sessions
from shared.web import make_app
from shared.web.idempotency import forget_old_answers
from shared.web.limits import forget_old_limits


def create_app(environ: Mapping[str, str] = os.environ, *, clock: Clock = utc_now) -> Flask:
    """Return the web application. Raises shared.config.ConfigurationError."""
    settings = read(MembershipSettings, environ)
    settings.require_whole()
    database = Database(settings.database_url, clock=clock)
    app = make_app("membership", settings=settings, database=database)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    staff_pages.install(app)
    return app


SERVICE = Service(
    name="membership",
    about="Who belongs, and what they have agreed to.",
    settings=MembershipSettings,
    create_app=create_app,
    handlers=HANDLERS,
    forget=(
        forget_old_answers,
        forget_old_limits,
        forget_ended_sessions,
        forget_old_sessions,
        forget_unproven,
        addresses.forget_unproven,
        erasing.forget_old_keys,
    ),
)
