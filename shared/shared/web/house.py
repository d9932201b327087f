"""What views find in the app they run in: its settings, database, links and clock."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar, overload

from flask import Flask, current_app
from sqlalchemy.orm import Session

from shared.config import WebSettings
from shared.db import Database
from shared.links import Links

AnySettings = TypeVar("AnySettings", bound=WebSettings)
_EXTENSION = "coproduce"


@dataclass(frozen=True)
class House:
    """What one app was made with."""

    settings: WebSettings
    database: Database
    links: Links


def furnish(app: Flask, *, settings: WebSettings, database: Database) -> None:
    """Give *app* what the functions below return."""
    links = Links(settings.link_keys, settings.base_url)
    app.extensions[_EXTENSION] = House(settings, database, links)


def house_of(app: Flask) -> House:
    """Return what *app* was made with."""
    house: House = app.extensions[_EXTENSION]
    return house


def transaction(name: str, *, durable: bool = True) -> AbstractContextManager[Session]:
    """Return a block in which to change things: see `shared.db.Database.transaction`."""
    return _house().database.transaction(name, durable=durable)


def reading() -> AbstractContextManager[Session]:
    """Return a block in which to look at things: see `shared.db.Database.reading`."""
    return _house().database.reading()


def links() -> Links:
    """Return what makes and reads links."""
    return _house().links


def clock() -> datetime:
    """Return the time by the clock that the database was given."""
    return _house().database.clock()


@overload
def settings() -> WebSettings: ...
@overload
def settings(kind: type[AnySettings]) -> AnySettings: ...
def settings(kind: type[WebSettings] = WebSettings) -> WebSettings:
    """Return the app's settings; a service names its own class to see its own fields."""
    stated = _house().settings
    if not isinstance(stated, kind):
        raise TypeError(f"this app was made with {type(stated)}, not {kind}")
    return stated


def _house() -> House:
    return house_of(current_app)
