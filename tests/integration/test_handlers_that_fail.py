"""Handlers that fail in the database's hands: they die as dead letters, alone."""

import threading
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from shared.contracts import Envelope, Event
from shared.db import Database
from shared.messaging.models import ReceivedEvent, State
from tests.support.house import House, note
from tests.support.postgresql import PostgreSQL
from tests.support.waiting import wait_for

MakeHouse = Callable[[Callable[[Session, Event, Envelope], None]], House]


@pytest.fixture
def make_house(postgresql: PostgreSQL) -> Iterator[MakeHouse]:
    made: list[Database] = []

    def database() -> Database:
        made.append(Database(postgresql.database()))
        return made[-1]

    yield lambda handle: House(database, handle)
    for one in made:
        one.dispose()


def take_too_long(session: Session) -> None:
    session.execute(text("set local statement_timeout = '20ms'"))
    session.execute(text("select pg_sleep(10)"))


def wait_for_a_lock(session: Session) -> None:
    session.execute(text("set local lock_timeout = '20ms'"))
    session.execute(text("lock table busy"))


def deadlock(session: Session) -> None:
    """Want what another holds who wants what we hold, and be the one who gives way."""
    session.execute(text("set local deadlock_timeout = '20ms'"))
    session.execute(text("select pg_advisory_xact_lock(1)"))
    held = threading.Event()
    with session.get_bind().engine.connect() as connection:
        other = threading.Thread(target=want_both, args=(connection, held))
        other.start()
        assert held.wait(30)
        try:
            wait_for(
                lambda: session.scalar(text("select count(*) from pg_locks where not granted"))
            )
            session.execute(text("select pg_advisory_xact_lock(2)"))
        finally:
            session.rollback()
            other.join()


def want_both(connection: Connection, held: threading.Event) -> None:
    connection.execute(text("select pg_advisory_xact_lock(2)"))
    held.set()
    connection.execute(text("select pg_advisory_xact_lock(1)"))
    connection.rollback()


@pytest.mark.parametrize(
    ("fail", "kind"),
    [
        (take_too_long, "QueryCanceled"),
        (wait_for_a_lock, "LockNotAvailable"),
        (deadlock, "DeadlockDetected"),
    ],
)
def test_it_is_given_up_and_holds_up_nobody(
    make_house: MakeHouse, fail: Callable[[Session], None], kind: str
):
    def handle(session: Session, event: Event, envelope: Envelope) -> None:
        note(session, event, envelope)
        if envelope.subjectversion == 2:
            fail(session)

    house = make_house(handle)
    with house.consumer.transaction("test") as session:
        session.execute(text("create table busy (n integer)"))
    house.change(house.thing(), times=5)
    with house.consumer.engine.connect() as other:
        other.execute(text("lock table busy"))
        house.settle()
        early = [version for _, version in house.effects()]
        for _ in range(12):
            house.hurry(ReceivedEvent)
            house.settle()

    assert early == [1, 3, 4, 5]
    assert [version for _, version in house.effects()] == [1, 3, 4, 5]
    rows = house.rows(ReceivedEvent)
    assert [row.state for row in rows] == [
        State.DONE, State.DEAD, State.DONE, State.DONE, State.DONE,
    ]  # fmt: skip
    assert rows[1].error.startswith(f"{kind} at {__name__}:")
