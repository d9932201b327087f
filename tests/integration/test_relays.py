"""Relays that do not know of each other: one was frozen, lost its lock, and goes on."""

import threading
from collections.abc import Callable, Iterator, Sequence

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from shared.db import Database
from shared.messaging import Outgoing, Relay
from shared.messaging.models import StoredEvent
from shared.outages import is_outage
from tests.support.house import House
from tests.support.postgresql import PostgreSQL

WRITERS, EACH = 8, 12


@pytest.fixture
def house(postgresql: PostgreSQL) -> Iterator[House]:
    house = House(lambda: Database(postgresql.database()))
    yield house
    house.publisher.dispose()
    house.consumer.dispose()


def end_the_leader(database: Database) -> None:
    """Do to who holds the relay's lock what the server does to who is frozen."""
    with database.engine.connect() as connection:
        connection.execute(
            text(
                "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'"
                " and database = (select oid from pg_database where datname = current_database())"
            )
        )


class Frozen:
    """A transport in which a relay stands still until another has taken over."""

    def __init__(self, house: House, meanwhile: Callable[[], object]) -> None:
        self._house = house
        self._meanwhile = meanwhile

    def deliver(self, batch: Sequence[Outgoing]) -> set[int]:
        end_the_leader(self._house.publisher)
        self._meanwhile()
        return self._house.transport.deliver(batch)


def test_a_relay_that_was_frozen_while_it_delivered_only_sends_again(house: House):
    thing = house.thing()
    house.change(thing, times=3)

    def meanwhile() -> None:
        house.change(thing, times=2)
        assert Relay(house.publisher, house.transport).run_once() == 5

    with pytest.raises(DBAPIError) as failure:
        Relay(house.publisher, Frozen(house, meanwhile)).run_once()
    house.settle()

    assert is_outage(failure.value)
    assert [row.position for row in house.rows(StoredEvent)] == [1, 2, 3, 4, 5]
    assert [version for _, version in house.effects()] == [1, 2, 3, 4, 5]


def test_two_that_number_at_once_leave_no_gap_and_no_position_twice(house: House):
    """The lock keeps them apart; should it fail, the database still does not take nonsense."""
    done = threading.Event()
    collisions: list[Exception] = []

    def number_on() -> None:
        relay = Relay(house.publisher, house.transport)
        while not done.is_set():
            try:
                relay._number()
            except (IntegrityError, OperationalError) as error:
                collisions.append(error)

    numbering = [threading.Thread(target=number_on) for _ in range(3)]
    writers = [
        threading.Thread(target=house.change, args=(house.thing(),), kwargs={"times": EACH})
        for _ in range(WRITERS)
    ]
    for thread in [*numbering, *writers]:
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    for thread in numbering:
        thread.join()
    house.relay._number()

    positions = sorted(row.position for row in house.rows(StoredEvent))
    assert positions == list(range(1, WRITERS * EACH + 1))
    assert not any(is_outage(error) for error in collisions)
