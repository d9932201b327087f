"""Events from their record to their effect, on both databases."""

import threading
from collections.abc import Sequence
from datetime import timedelta

import pytest
import structlog
from sqlalchemy import select, update
from structlog.testing import capture_logs

from shared import trace
from shared.contracts import Envelope, Event
from shared.db import database_now
from shared.messaging import Outgoing, Relay, accept, publish
from shared.messaging.forgetting import blank_old_bodies, erase
from shared.messaging.models import ReceivedEvent, State, StoredEvent, Tombstone
from tests.integration.conftest import NewDatabase
from tests.support.house import House, Thing, a_fact, note


class Refusing:
    """A handler that fails until it is told not to."""

    def __init__(self) -> None:
        self.failing = True
        self.calls = 0

    def __call__(self, session, event: Event, envelope: Envelope) -> None:
        self.calls += 1
        note(session, event, envelope)
        if self.failing:
            raise LookupError(f"a message that names sam@example.org: {event}")


@pytest.fixture
def house(new_database: NewDatabase) -> House:
    return House(new_database)


def test_an_event_has_its_effect_once_and_in_order(house: House):
    thing, other = house.thing(), house.thing()
    house.change(thing, times=3)
    house.change(other)
    house.change(thing)

    house.settle()

    assert [version for subject, version in house.effects() if subject == str(thing.id)] == [
        1, 2, 3, 4,
    ]  # fmt: skip
    assert len(house.effects()) == 5
    assert [row.position for row in house.rows(StoredEvent)] == [1, 2, 3, 4, 5]


def test_a_change_that_is_rolled_back_leaves_no_event(house: House):
    thing = house.thing()
    with pytest.raises(ZeroDivisionError), house.publisher.transaction("test") as session:
        publish(session, a_fact(session), about=session.get_one(Thing, thing.id))
        raise ZeroDivisionError

    house.change(thing)
    house.settle()

    assert house.effects() == [(str(thing.id), 1)]


def test_what_is_delivered_again_has_no_second_effect(house: House):
    house.change(house.thing(), times=3)
    house.settle()
    with house.publisher.transaction("test") as session:
        session.execute(update(StoredEvent).values(published_at=None))

    house.settle()

    assert len(house.effects()) == 3


def test_positions_have_no_gap_and_never_change_under_many_writers(house: House):
    things = [house.thing() for _ in range(8)]
    done = threading.Event()

    def relay_on() -> None:
        while not done.is_set() or house.relay.run_once():
            house.relay.run_once()

    relaying = threading.Thread(target=relay_on)
    writers = [
        threading.Thread(target=house.change, args=(thing,), kwargs={"times": 10})
        for thing in things
    ]
    for thread in [relaying, *writers]:
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    relaying.join()
    house.settle()

    positions = sorted(row.position for row in house.rows(StoredEvent))
    assert positions == list(range(1, 81))
    assert len(house.effects()) == 80
    for thing in things:
        seen = [version for subject, version in house.effects() if subject == str(thing.id)]
        assert seen == list(range(1, 11))


def test_one_of_two_relays_is_active(house: House):
    house.change(house.thing())
    other = Relay(house.publisher, house.transport)
    counts = []

    class Asking:
        def deliver(self, batch: Sequence[Outgoing]) -> set[int]:
            counts.append(other.run_once())
            return house.transport.deliver(batch)

    assert Relay(house.publisher, Asking()).run_once() == 1
    assert counts == [0]


def test_a_refused_event_waits_alone(house: House):
    house.change(house.thing(), times=3)

    class RefusingTheSecond:
        def deliver(self, batch: Sequence[Outgoing]) -> set[int]:
            return house.transport.deliver([o for o in batch if o.position != 2]) - {2}

    assert Relay(house.publisher, RefusingTheSecond()).run_once() == 2
    assert house.relay.run_once() == 0
    house.hurry(StoredEvent)
    assert house.relay.run_once() == 1


def test_a_handler_that_keeps_failing_ends_as_a_dead_letter_and_blocks_nobody(
    new_database: NewDatabase,
):
    refusing = Refusing()
    house = House(new_database, refusing)
    house.change(house.thing())
    for _ in range(30):
        house.settle()
        house.hurry(ReceivedEvent)

    (dead,) = house.rows(ReceivedEvent)
    assert (dead.state, dead.attempts) == (State.DEAD, 11)
    assert dead.error.startswith("LookupError at tests.integration.test_messaging:")
    assert house.effects() == []

    refusing.failing = False
    house.change(house.thing())
    house.settle()
    assert len(house.effects()) == 1


def test_what_is_logged_because_of_an_event_tells_the_request_that_led_to_it(
    new_database: NewDatabase,
):
    def log_and_fail(_session, _event: Event, _envelope: Envelope) -> None:
        structlog.get_logger("tests").info("handling")
        raise LookupError

    house = House(new_database, log_and_fail)
    request = trace.beginning(None)
    with trace.following(request):
        house.change(house.thing())
    house.relay.run_once()
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        for _ in range(12):
            house.worker.run_once()
            house.hurry(ReceivedEvent)

    assert {line["event"] for line in lines} == {"handling", "handler.dead"}
    assert {line.get("correlationid") for line in lines} == {request.correlationid}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"{}",
        b"[]",
        b"null",
        b'{"specversion":"1.0"}',
        b"[" * 100_000,
        b"x" * 10**7,
    ],
    ids=["empty", "not utf-8", "object", "list", "null", "missing", "deep", "large"],
)
def test_bytes_that_cannot_be_read_are_kept_as_a_dead_letter(house: House, body: bytes):
    for _ in range(2):
        with house.consumer.transaction("test") as session:
            accept(session, [body])

    (dead,) = house.rows(ReceivedEvent)
    assert (dead.state, dead.source, dead.body) == (State.DEAD, "broker", body)


def test_an_event_that_breaks_its_contract_is_dead_at_once(house: House):
    house.change(house.thing())
    house.relay.run_once()
    with house.consumer.transaction("test") as session:
        row = session.scalars(select(ReceivedEvent)).one()
        row.body = (row.body or b"").replace(b'"slug":"a"', b'"slug":7')

    house.settle()

    (dead,) = house.rows(ReceivedEvent)
    assert (dead.state, dead.error.split()[0]) == (State.DEAD, "ValidationError")


def test_bodies_are_blanked_when_they_have_served_and_keys_stay(house: House):
    house.change(house.thing())
    house.settle()
    with house.consumer.transaction("test") as session:
        long_ago = database_now(session) - timedelta(days=8)
        session.execute(update(ReceivedEvent).values(ended_at=long_ago))
        blank_old_bodies(session)

    (row,) = house.rows(ReceivedEvent)
    assert (row.body, row.state) == (None, State.DONE)
    assert row.event_id


def test_an_erased_subject_is_blanked_and_nothing_late_takes_effect(house: House):
    thing = house.thing()
    house.change(thing, times=2)
    house.relay.run_once()
    for database in (house.publisher, house.consumer):
        with database.transaction("test") as session:
            erase(session, str(thing.id))
    with house.publisher.transaction("test") as session:
        session.execute(update(StoredEvent).values(published_at=None))
    house.change(thing)

    house.relay.run_once()

    late = house.rows(ReceivedEvent)
    assert [(row.state, row.body) for row in late] == [(State.DONE, None)] * 3
    house.settle()
    assert house.effects() == []
    assert [row.data for row in house.rows(StoredEvent)][:2] == [None, None]


def test_what_was_accepted_while_its_subject_was_being_erased_takes_no_effect(house: House):
    thing, other = house.thing(), house.thing()
    house.change(thing)
    house.change(other)
    house.relay.run_once()
    with house.consumer.transaction("test") as session:
        session.add(Tombstone(subject=str(thing.id), erased_at=database_now(session)))

    house.settle()

    assert house.effects() == [(str(other.id), 1)]
    late, _ = house.rows(ReceivedEvent)
    assert (late.state, late.body, late.attempts) == (State.DONE, None, 0)
