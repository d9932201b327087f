"""The only place where registration is wired together."""

import os
from collections.abc import Mapping

from flask import Flask

from registration import figures
from registration.api import api
from registration.config import RegistrationSettings
from registration.desk import desk
from registration.handlers import HANDLERS
from registration.information import information
from registration.pages import pages
from registration.seating import seat_next
from registration.telling import tell_next
from shared.clock import Clock, utc_now
from shared.config import read
from shared.db import Database
from shared.service import Service, Step
from shared.staff import forget_ended_sessions
from shared.web import make_app
from shared.web.idempotency import forget_old_answers
from shared.web.limits import forget_old_limits
from shared.web.openapi import make_api
from shared.web.system import Own

_OWN = Own(
    parts={
        "telling": "People are not told of changes to their webinar, and places that became free "
        "are not given to who waits.",
    },
)


def create_app(environ: Mapping[str, str] = os.environ, *, clock: Clock = utc_now) -> Flask:
    """Return the web application. Raises shared.config.ConfigurationError."""
    settings = read(RegistrationSettings, environ)
    database = Database(settings.database_url, clock=clock)
    app = make_app("registration", settings=settings, database=database, own=_OWN)
    app.register_blueprint(pages)
    app.register_blueprint(information)
    app.register_blueprint(desk)
    make_api(app, title="Coproduce: webinars", version="1").register_blueprint(api)
    return app


def _telling(_environ: Mapping[str, str], database: Database) -> Step:
    return lambda: seat_next(database) + tell_next(database)


SERVICE = Service(
    name="registration",
    about="Webinars and the places at them.",
    settings=RegistrationSettings,
    create_app=create_app,
    handlers=HANDLERS,
    counting=figures.count,
    forget=(forget_old_answers, forget_old_limits, forget_ended_sessions),
    own_work={"telling": _telling},
)
