"""The connection to PostgreSQL is cut between two bytes: was it committed or not?"""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy.exc import DBAPIError

from notifications.models import DeliveryState, Template
from notifications.sender import Sender
from shared.contracts.registration import WebinarPublished
from shared.db import Database
from shared.messaging import Relay, Worker
from shared.messaging.models import ReceivedEvent, State, StoredEvent
from shared.outages import is_outage
from tests.support.house import House, note
from tests.support.mails import Post
from tests.support.office import Office
from tests.support.postgresql import PostgreSQL
from tests.support.proxy import DOWN, UP, Proxy

EVENTS = 3


@pytest.fixture
def house(postgresql: PostgreSQL) -> Iterator[House]:
    house = House(lambda: Database(postgresql.database()))
    yield house
    house.publisher.dispose()
    house.consumer.dispose()


@pytest.fixture
def proxy(postgresql: PostgreSQL) -> Iterator[Proxy]:
    with Proxy(postgresql.port) as proxy:
        yield proxy


def by_way_of(proxy: Proxy, database: Database) -> Database:
    """Return *database* as it is reached through *proxy*."""
    url = database.engine.url.set(port=proxy.port)
    return Database(url.render_as_string(hide_password=False))


def cut_everywhere(proxy: Proxy, prepare: Callable[[], None], step: Callable[[], int]) -> int:
    """Do *step* again and again, each time cut at another byte; return how often it failed.

    Before each time there are events for it. Most of the bytes tried are the last ones: there
    is the answer to COMMIT, 18 bytes of it.
    """
    for _ in range(2):  # the first connects
        prepare()
        proxy.passed = {UP: 0, DOWN: 0}
        assert step() == EVENTS
    whole = dict(proxy.passed)
    failures = 0
    for way in (DOWN, UP):
        for missing in (0, 1, 9, 17, 18, 24, 35, 36, 100, whole[way] // 2, whole[way] - 1):
            prepare()
            proxy.cut_after(whole[way] - missing, way)
            failure = failure_of(step)
            assert failure is None or is_outage(failure), failure
            failures += failure is not None
            proxy.heal()
            while step():
                pass
    return failures


def failure_of(step: Callable[[], int]) -> DBAPIError | None:
    try:
        step()
    except DBAPIError as error:
        return error
    return None


def test_a_worker_does_everything_once(house: House, proxy: Proxy):
    database = by_way_of(proxy, house.consumer)
    worker = Worker(database, {WebinarPublished: note})
    thing = house.thing()

    def prepare() -> None:
        house.change(thing, times=EVENTS)
        house.relay.run_once()

    assert cut_everywhere(proxy, prepare, worker.run_once) > 10
    database.dispose()

    rows = house.rows(ReceivedEvent)
    assert {(row.state, row.attempts) for row in rows} == {(State.DONE, 0)}
    assert [version for _, version in house.effects()] == list(range(1, len(rows) + 1))


def test_a_relay_numbers_everything_once_and_loses_nothing(house: House, proxy: Proxy):
    database = by_way_of(proxy, house.publisher)
    relay = Relay(database, house.transport)
    thing = house.thing()

    assert cut_everywhere(proxy, lambda: house.change(thing, times=EVENTS), relay.run_once) > 10
    database.dispose()
    house.settle()

    rows = house.rows(StoredEvent)
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    assert {row.refusals for row in rows} == {0}
    assert [version for _, version in house.effects()] == list(range(1, len(rows) + 1))


def test_a_sender_sends_each_mail_once_and_knows_of_each(
    postgresql: PostgreSQL, proxy: Proxy, tmp_path: Path
):
    office = Office(Database(postgresql.database()), tmp_path)
    post = Post(idempotent=False)
    database = by_way_of(proxy, office.database)
    sender = Sender(database, post, office.renderer)

    def prepare() -> None:
        office.hurry()
        while sender.run_once():
            pass
        for _ in range(EVENTS):
            office.hear(Template.CONFIRMED, subject=uuid4())

    assert cut_everywhere(proxy, prepare, sender.run_once) > 10
    prepare()
    sender.run_once()
    states = office.states()
    database.dispose()
    office.database.dispose()

    assert {state for _, state in states} == {DeliveryState.ACCEPTED}
    handed = Counter(mail.id for mail in post.handed)
    assert set(handed.values()) == {1}
    assert len(handed) == states.total()
