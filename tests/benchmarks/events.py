"""Events a second, from committed in one service to handled in another, without a broker."""

import tempfile
from collections.abc import Callable, Iterator
from time import perf_counter
from typing import Any
from uuid import uuid4

from sqlalchemy import Text, func, select
from sqlalchemy import insert as plain_insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.contracts import Envelope, Event
from shared.db import Database
from shared.messaging import Loop, keep_newest, publish
from shared.messaging.models import ReceivedEvent
from shared.messaging.models import metadata as messaging
from shared.messaging.worker import BATCH
from tests.benchmarks.table import Row, compared, judged
from tests.support.house import Base, House, Thing, a_fact
from tests.support.needs import need
from tests.support.postgresql import PostgreSQL
from tests.support.waiting import wait_for

SUBJECTS, VERSIONS = 1_000, 5
EVENTS = SUBJECTS * VERSIONS


class Projected(Base):
    """What the consumer knows of a thing: the newest it heard."""

    __tablename__ = "projected"

    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int]


def rows() -> Iterator[Row]:
    """Yield the rows of both databases."""
    with tempfile.TemporaryDirectory(prefix="coproduce-benchmark-") as directory:
        yield from _measured(
            "SQLite", lambda: Database(f"sqlite:///{directory}/{uuid4().hex}.sqlite3")
        )
    server = PostgreSQL(need("postgresql").parent)
    try:
        yield from _measured("PostgreSQL", lambda: Database(server.database()), least=2_500)
    finally:
        server.stop()


def _measured(name: str, new_database: Callable[[], Database], *, least: int = 0) -> Iterator[Row]:
    house = House(new_database, handle=project)
    record(house)
    ours = _settled(house)
    with house.consumer.reading() as session:
        known = set(session.execute(select(Projected.version, func.count()).group_by("version")))
        received = session.scalars(select(ReceivedEvent)).all()
    assert known == {(VERSIONS, SUBJECTS)}, known
    house.publisher.dispose()
    house.consumer.dispose()
    plain = _bare(new_database(), [_columns(row) for row in received])
    what = f"events, committed to handled, {name}"
    target = judged(f"≥ {least:,}/s", ours >= least) if least else ""
    yield compared(what, ours, plain, f"bare inserts, {BATCH} a commit", target)


def project(session: Session, _event: Event, envelope: Envelope) -> None:
    """Keep the newest version of the event's subject."""
    row = {"subject": envelope.subject, "version": envelope.subjectversion}
    keep_newest(session, Projected, row, key="subject")


def record(house: House) -> None:
    """Record `EVENTS` events, of many subjects, in one transaction."""
    with house.publisher.transaction("benchmark") as session:
        things = [Thing() for _ in range(SUBJECTS)]
        session.add_all(things)
        for _ in range(VERSIONS):
            for thing in things:
                publish(session, a_fact(session), about=thing)


def _settled(house: House) -> float:
    """Return how many events a second the loops of one process move and handle."""
    handled: list[int] = []

    def work() -> int:
        handled.append(house.worker.run_once())
        return handled[-1]

    loops = [Loop("relay", house.relay.run_once), Loop("worker", work)]
    begun = perf_counter()
    for loop in loops:
        loop.start()
    wait_for(lambda: sum(handled) >= EVENTS, seconds=600, what="all events")
    seconds = perf_counter() - begun
    for loop in loops:
        loop.stop()
        loop.join()
    return EVENTS / seconds


def _bare(database: Database, received: list[dict[str, Any]]) -> float:
    """Return how many a second are stored when all there is to do is to store both rows."""
    messaging.create_all(database.engine)
    Base.metadata.create_all(database.engine)
    begun = perf_counter()
    for start in range(0, len(received), BATCH):
        batch = received[start : start + BATCH]
        projected = [{"subject": row["event_id"], "version": 1} for row in batch]
        with database.transaction("benchmark") as session:
            connection = session.connection()
            connection.execute(plain_insert(ReceivedEvent), batch)
            connection.execute(plain_insert(Projected), projected)
    seconds = perf_counter() - begun
    database.dispose()
    return len(received) / seconds


def _columns(row: ReceivedEvent) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in ReceivedEvent.__table__.columns}
