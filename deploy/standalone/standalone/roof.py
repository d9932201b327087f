"""All services put together: their applications, and the loops that move events and mail."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from flask import Flask, abort, request
from sqlalchemy.exc import DBAPIError

from notifications.app import make_sender
from notifications.mail.mailbox import Mailbox
from notifications.mail.settings import MailboxSettings
from shared.config import read
from shared.db import Database
from shared.messaging import LocalTransport
from shared.migrations import migrate
from shared.outages import is_damage, is_outage
from shared.service import Environ
from shared.web import House, house_of
from standalone.home import Unusable
from standalone.mailbox import MAILBOX, mailbox_pages
from standalone.routes import Dispatcher, is_hidden, prefixes
from standalone.services import SERVICES


class Roof:
    """The services' applications, their databases migrated, and every loop, not yet running."""

    def __init__(self, environs: Mapping[str, Mapping[str, str]]) -> None:
        """Wire everything. Raises Unusable and shared.config.ConfigurationError."""
        self.applications: dict[str, Flask] = {}
        self._houses: dict[str, House] = {}
        for service in SERVICES:
            app = service.create_app(environs[service.name])
            app.before_request(_refuse_hidden)
            self.applications[service.name] = app
            self._houses[service.name] = house_of(app)
        for name, house in self._houses.items():
            with _file_named(house.database):
                migrate(house.database, name, instance=house.settings.instance)
        transport = LocalTransport(
            {self.database(service.name): service.handled for service in SERVICES}
        )
        self._loops = [
            loop
            for service in SERVICES
            for loop in service.loops(
                environs[service.name], self.database(service.name), transport
            )
        ]
        self._show_mailbox(environs["notifications"])

    def front(self) -> Dispatcher:
        """Return what answers every request to the one address, the mailbox's too."""
        return Dispatcher(self.applications, prefixes() | {MAILBOX: "notifications"})

    def database(self, service: str) -> Database:
        """Return the database of *service*."""
        return self._houses[service].database

    def start(self) -> None:
        """Start every loop."""
        for loop in self._loops:
            loop.start()

    def stop(self) -> None:
        """Let every loop finish its step, and close the databases."""
        for loop in self._loops:
            loop.stop()
        for loop in self._loops:
            loop.join()
        for house in self._houses.values():
            house.database.dispose()

    def _show_mailbox(self, environ: Environ) -> None:
        mailbox = Mailbox(Path(read(MailboxSettings, environ).mailbox_directory))
        self.applications["notifications"].register_blueprint(mailbox_pages(mailbox))
        # Nobody else has these files open, so that what is claimed there nobody holds any more.
        make_sender(environ, self.database("notifications")).take_over()


def _refuse_hidden() -> None:
    # Elsewhere operators ask at each service's own port. Here is one port, the public's, and what
    # is counted is not for everybody; who runs this has the log, and sees whether pages come.
    if is_hidden(request.path):
        abort(404)


@contextmanager
def _file_named(database: Database) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if not (is_outage(error) or is_damage(error)):
            raise
        raise Unusable(
            f"VAR: {database.engine.url.database} cannot be used ({error.orig}). Put it back from "
            "a backup, or choose another directory: make run VAR=other"
        ) from error
