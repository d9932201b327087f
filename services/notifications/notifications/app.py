"""The only place where notifications is wired together."""

import os
from collections.abc import Callable, Mapping
from functools import partial

from flask import Flask
from sqlalchemy.orm import Session

from notifications import figures, membership_handlers, queries, webhooks
from notifications.config import NotificationsSettings
from notifications.desk import desk
from notifications.erasing import Eraser
from notifications.forgetting import blank_old_deliveries, blank_old_receipts
from notifications.handlers import HANDLERS
from notifications.mail.mailers import make_mailer, make_shredder
from notifications.mail.signatures import Signatures
from notifications.models import DeliveryState, Lane
from notifications.pages import one_click, pages
from notifications.receipts import ReceiptWorker
from notifications.rendering import Renderer
from notifications.sender import Sender
from notifications.standing import OWN
from shared.clock import Clock, utc_now
from shared.config import read
from shared.db import Database
from shared.service import Environ, Service, Step
from shared.staff import forget_ended_sessions
from shared.web import gauge, make_app

_MEASURED: Mapping[str, tuple[str, Callable[[Session], float]]] = {
    "behind_seconds": (
        "For how long the mail that is due longest has been so.",
        queries.seconds_behind,
    ),
    "unknown_seconds": (
        "For how long the mail that is unknown longest has been so.",
        queries.seconds_unknown,
    ),
    "rejected": (
        "Mails that will not be sent, each with its reason.",
        partial(queries.count, state=DeliveryState.REJECTED),
    ),
    "unknown": (
        "Mails of which nobody can tell whether they were sent.",
        partial(queries.count, state=DeliveryState.UNKNOWN),
    ),
}


def create_app(environ: Mapping[str, str] = os.environ, *, clock: Clock = utc_now) -> Flask:
    """Return the web application. Raises shared.config.ConfigurationError."""
    settings = read(NotificationsSettings, environ)
    database = Database(settings.database_url, clock=clock)
    app = make_app("notifications", settings=settings, database=database, own=OWN)
    app.register_blueprint(pages)
    app.register_blueprint(desk)
    app.extensions["csrf"].exempt(one_click)
    app.register_blueprint(one_click)
    webhooks.install(app, Signatures(settings.sendgrid_webhook_keys))
    _install_gauges(app, database)
    return app


def make_sender(environ: Environ, database: Database, lane: Lane = Lane.SERVICE) -> Sender:
    """Return what sends the mails of *lane* by the mailer that *environ* names.

    Raises shared.config.ConfigurationError.
    """
    renderer = Renderer(read(NotificationsSettings, environ))
    return Sender(database, make_mailer(environ), renderer, lane)


def _sending(lane: Lane, environ: Environ, database: Database) -> Step:
    return make_sender(environ, database, lane).run_once


SERVICE = Service(
    name="notifications",
    about="Mail: what is sent to whom, and with what permission.",
    settings=NotificationsSettings,
    create_app=create_app,
    handlers={**HANDLERS, **membership_handlers.HANDLERS},
    forget=(blank_old_deliveries, blank_old_receipts, forget_ended_sessions),
    counting=figures.count,
    own_work={
        "sender": partial(_sending, Lane.SERVICE),
        # Beside the other, so that nobody who waits for an answer waits for an invitation.
        "bulk": partial(_sending, Lane.BULK),
        "receipts": lambda _, database: ReceiptWorker(database).run_once,
        "eraser": lambda environ, database: Eraser(database, make_shredder(environ)).run_once,
    },
)


def _install_gauges(app: Flask, database: Database) -> None:
    def asked(question: Callable[[Session], float]) -> float:
        with database.reading() as session:
            return question(session)

    for name, (meaning, question) in _MEASURED.items():
        gauge(app, f"coproduce_deliveries_{name}", meaning, partial(asked, question))
