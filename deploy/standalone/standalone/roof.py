"""All services put together: their applications, and the loops that move events and mail."""

from collections.abc import Callable, Mapping
from pathlib import Path

from flask import Flask

from notifications.app import make_sender
from notifications.config import NotificationsSettings
from notifications.mail.mailbox import Mailbox
from shared.config import read
from shared.db import Database
from shared.messaging import LocalTransport, Loop, Relay, Worker
from shared.messaging.forgetting import blank_old_bodies
from shared.migrations import migrate
from shared.web import House, house_of
from standalone.mailbox import mailbox_pages
from standalone.services import SERVICES, Service

_TIDYING_PAUSE = 3600.0  # seconds


class Roof:
    """The applications by service, their databases migrated, and every loop, not yet running."""

    def __init__(self, environs: Mapping[str, Mapping[str, str]]) -> None:
        """Wire everything. Raises shared.config.ConfigurationError."""
        self.applications: dict[str, Flask] = {}
        self._houses: dict[str, House] = {}
        for service in SERVICES:
            app = service.create_app(environs[service.name])
            self.applications[service.name] = app
            self._houses[service.name] = house_of(app)
        for name, house in self._houses.items():
            migrate(house.database, name, instance=house.settings.instance)
        self._loops = [loop for service in SERVICES for loop in self._loops_of(service)]
        settings = read(NotificationsSettings, environs["notifications"])
        self._loops.append(self._sending(settings))

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

    def _loops_of(self, service: Service) -> list[Loop]:
        database = self.database(service.name)
        relay = Relay(database, self._transport())
        worker = Worker(database, service.handlers)
        loops = [
            Loop(f"{service.name}.relay", relay.run_once),
            Loop(f"{service.name}.tidying", _tidying(database, service), idle=_TIDYING_PAUSE),
        ]
        if service.handlers:
            loops.append(Loop(f"{service.name}.worker", worker.run_once))
        return loops

    def _transport(self) -> LocalTransport:
        reacting = [service for service in SERVICES if service.handlers]
        return LocalTransport(
            {
                self.database(service.name): frozenset(event.type for event in service.handlers)
                for service in reacting
            }
        )

    def _sending(self, settings: NotificationsSettings) -> Loop:
        mailbox = Mailbox(Path(settings.mailbox_directory))
        self.applications["notifications"].register_blueprint(mailbox_pages(mailbox))
        sender = make_sender(settings, self.database("notifications"))
        sender.take_over()  # nobody else has these files open
        return Loop("notifications.sender", sender.run_once)


def _tidying(database: Database, service: Service) -> Callable[[], int]:
    def tidy() -> int:
        for forget in (blank_old_bodies, *service.forget):
            with database.transaction("tidying") as session:
                forget(session)
        return 0

    return tidy
