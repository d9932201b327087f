"""The only place where notifications is wired together."""

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from flask import Flask

from notifications import queries
from notifications.config import NotificationsSettings
from notifications.forgetting import blank_old_deliveries
from notifications.handlers import HANDLERS
from notifications.mail.mailbox import Mailbox
from notifications.models import DeliveryState, Lane
from notifications.rendering import Renderer
from notifications.sender import Sender
from shared.config import read
from shared.db import Database
from shared.service import Environ, Service, Step
from shared.web import gauge, make_app

_COUNTED = {
    DeliveryState.REJECTED: "Mails that will not be sent, each with its reason.",
    DeliveryState.UNKNOWN: "Mails of which nobody can tell whether they were sent.",
}


def create_app(environ: Mapping[str, str] = os.environ) -> Flask:
    """Return the web application. Raises shared.config.ConfigurationError."""
    settings = read(NotificationsSettings, environ)
    database = Database(settings.database_url)
    app = make_app("notifications", settings=settings, database=database)
    _install_gauges(app, database)
    return app


def make_sender(
    settings: NotificationsSettings, database: Database, lane: Lane = Lane.SERVICE
) -> Sender:
    """Return what sends the mails of *lane* by the transport that the settings name."""
    mailer = Mailbox(Path(settings.mailbox_directory))
    return Sender(database, mailer, Renderer(settings), lane)


def _sending(lane: Lane, environ: Environ, database: Database) -> Step:
    settings = read(NotificationsSettings, environ)
    return make_sender(settings, database, lane).run_once


SERVICE = Service(
    name="notifications",
    about="Mail: what is sent to whom, and with what permission.",
    settings=NotificationsSettings,
    create_app=create_app,
    handlers=HANDLERS,
    forget=(blank_old_deliveries,),
    own_work={
        "sender": partial(_sending, Lane.SERVICE),
        # Beside the other, so that nobody who waits for an answer waits for an invitation.
        "bulk": partial(_sending, Lane.BULK),
    },
)


def _install_gauges(app: Flask, database: Database) -> None:
    def seconds_behind() -> float:
        with database.reading() as session:
            return queries.seconds_behind(session)

    def counted(state: DeliveryState) -> float:
        with database.reading() as session:
            return queries.count(session, state)

    gauge(
        app,
        "coproduce_deliveries_behind_seconds",
        "For how long the mail that is due longest has been so.",
        seconds_behind,
    )
    for state, meaning in _COUNTED.items():
        gauge(app, f"coproduce_deliveries_{state}", meaning, partial(counted, state))
