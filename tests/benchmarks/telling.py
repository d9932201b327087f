"""How fast everybody registered for a webinar is told that it has changed or is cancelled."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from time import perf_counter

from sqlalchemy import func, select

from registration import commands, planning, telling
from registration.commands import Person
from registration.models import Webinar
from registration.planning import details_of
from shared.addresses import address_key
from shared.db import Database
from shared.messaging.models import StoredEvent
from shared.migrations import migrate
from tests.benchmarks import bare, webinars
from tests.benchmarks.table import Row, compared
from tests.support.needs import need
from tests.support.postgresql import PostgreSQL

_PEOPLE = 5_000
_WHAT, _BARE = f"told of another time, {_PEOPLE:,} people", "bare durable inserts"
_CHANGED = "registration.webinar_access_changed.v1"


def rows() -> Iterator[Row]:
    """Yield the row of each database."""
    with tempfile.TemporaryDirectory(prefix="coproduce-benchmark-") as directory:
        rate = _told_a_second(f"sqlite:///{directory}/registration.sqlite3")
        yield compared(f"{_WHAT}, SQLite", rate, bare.sqlite(Path(directory)), _BARE)
    server = PostgreSQL(need("postgresql").parent)
    try:
        url = server.database()
        yield compared(f"{_WHAT}, PostgreSQL", _told_a_second(url), bare.postgresql(url), _BARE)
    finally:
        server.stop()


def _told_a_second(url: str) -> float:
    database = Database(url)
    migrate(database, "registration", instance="benchmark")
    webinars.add(database, "many", places=_PEOPLE)
    _register(database)
    _one_hour_later(database)
    told, begun = 0, perf_counter()
    while step := telling.tell_next(database):
        told += step
    rate = told / (perf_counter() - begun)
    with database.reading() as session:
        events = select(func.count()).where(StoredEvent.type == _CHANGED)
        assert told == session.scalar(events) == _PEOPLE
    database.dispose()
    return rate


def _register(database: Database) -> None:
    with database.transaction("benchmark") as session:
        webinar = session.scalars(select(Webinar)).one()
        for number in range(_PEOPLE):
            email = f"person-{number}@example.org"
            key = address_key(b"k" * 32, email)
            person = Person(email=email, address_key=key, name="Sam")
            commands.register(session, webinar, person)


def _one_hour_later(database: Database) -> None:
    with database.transaction("benchmark") as session:
        webinar = session.scalars(select(Webinar).with_for_update()).one()
        before, hour = details_of(webinar), timedelta(hours=1)
        later = replace(before, starts_at=before.starts_at + hour, ends_at=before.ends_at + hour)
        planning.edit(session, webinar, later, version=webinar.version, by="Sam")
