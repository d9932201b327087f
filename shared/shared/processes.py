"""The command of a service: its two processes, and the two that are run once before them."""

import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn
from urllib.parse import unquote, urlsplit

import click
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from shared import logging
from shared.commandline import PlainGroup, Wrong
from shared.config import read
from shared.db import Database
from shared.dead_letters import dead_letters
from shared.messaging.rabbit.management import Management
from shared.messaging.rabbit.topology import topology as broker_topology
from shared.migrations import migrate as bring_to_date
from shared.outages import Outage, is_outage
from shared.process_settings import ServingSettings, TopologySettings
from shared.readiness import DATABASE_AWAY, patiently, wait_until_migrated
from shared.service import Environ, Service
from shared.web import feed
from shared.web.serving import serve
from shared.working import work

_SECONDS = 60  # a database or broker that was started together with us may need them


class Parts(click.ParamType[Sequence[str]]):
    """Some parts of a worker: "relay,sender"."""

    name = "parts"

    def __init__(self, service: Service) -> None:
        self._known = service.parts

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> Sequence[str]:
        """Return the parts; refuses any that the service does not have."""
        wanted = [part.strip() for part in value.split(",")]
        if unknown := [part for part in wanted if part not in self._known]:
            self.fail(f"no part is called {unknown[0]!r}. There are: {', '.join(self._known)}.")
        return wanted


def service_command(service: Service) -> click.Group:
    """Return the command of *service*.

    Settings come from the context's object where the caller gives one, else from the environment.
    """
    main = PlainGroup(service.name, help=service.about, callback=_leave_when_told)

    @main.command()
    @click.pass_obj
    def migrate(environ: Environ | None) -> None:
        """Bring the database to the form that this version expects."""
        _migrate(service, environ or os.environ)

    @main.command()
    @click.pass_obj
    def topology(environ: Environ | None) -> None:
        """Make what the service needs on the broker, its user included."""
        _provide(service, environ or os.environ)

    @main.command()
    @click.pass_obj
    def web(environ: Environ | None) -> None:
        """Serve pages and API."""
        _serve(service, environ or os.environ)

    @main.command()
    @click.option("--only", type=Parts(service), default=None, help="Instead of all of it.")
    @click.pass_obj
    def worker(environ: Environ | None, only: Sequence[str] | None) -> None:
        """Move events, and do what they lead to, in the background."""
        stated = environ or os.environ
        logging.configure(read(service.settings, stated).log_level, sys.stdout)
        work(service, stated, only or ())

    main.add_command(dead_letters(service))
    return main


def _leave_when_told() -> None:
    """Let SIGTERM end the process while it waits for something: a container's first would not."""
    signal.signal(signal.SIGTERM, _leave)


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)  # what a shell would say


def _migrate(service: Service, environ: Environ) -> None:
    stated = read(service.settings, environ)
    database = Database(stated.database_url)

    def bring() -> None:
        try:
            bring_to_date(database, service.name, instance=stated.instance)
        except SQLAlchemyError as error:
            if is_outage(error):
                raise Outage(DATABASE_AWAY) from error
            raise

    patiently(bring, seconds=_SECONDS)
    database.dispose()


def _provide(service: Service, environ: Environ) -> None:
    stated = read(TopologySettings, environ)
    parts = urlsplit(stated.broker_url)
    management = Management(stated.broker_admin_url, unquote(parts.path[1:]) or "/")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if user == management.user:
        raise Wrong("BROKER_URL: the administrator is too mighty. Name a user for this service.")
    wanted = broker_topology(service.name, service.handled)
    patiently(lambda: management.apply(wanted, user=user, password=password), seconds=_SECONDS)


def _serve(service: Service, environ: Environ) -> None:
    settings = read(service.settings, environ)
    serving = read(ServingSettings, environ)
    logging.configure(settings.log_level, sys.stdout)
    database = Database(settings.database_url)
    wait_until_migrated(database, service.name)
    database.dispose()

    def make_app() -> Flask:
        app = service.create_app(environ)
        feed.install(app, serving.feed_token)
        return app

    serve(serving, make_app)
