"""The three services as they are served: each on a port of its own, or all under the roof."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from werkzeug.routing import Rule

from shared.service import Service
from shared.web import feed, house_of
from standalone.roof import Roof
from standalone.services import SERVICES
from tests.support.mails import environ

FEED_TOKEN = "of-this-installation-and-no-other"


def environ_of(service: Service, directory: Path) -> dict[str, str]:
    """Return an environment that *service* can run in, all of it within *directory*."""
    database = f"sqlite:///{directory}/{service.name}.sqlite3"
    return environ(directory, DATABASE_URL=database, BASE_URL="http://127.0.0.1")


@contextmanager
def a_roof(directory: Path) -> Iterator[Roof]:
    """Yield all services under one roof, at work."""
    roof = Roof({service.name: environ_of(service, directory) for service in SERVICES})
    roof.start()
    yield roof
    roof.stop()


@contextmanager
def alone(service: Service, directory: Path) -> Iterator[Flask]:
    """Yield *service* as its own port has it, with what only operators and services may ask."""
    app = service.create_app(environ_of(service, directory))
    feed.install(app, FEED_TOKEN)
    yield app
    house_of(app).database.dispose()


def routes_of(app: Flask) -> list[tuple[str, Rule]]:
    """Return the method and rule of each route; HEAD and OPTIONS go with GET."""
    return [
        (method, rule)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]
