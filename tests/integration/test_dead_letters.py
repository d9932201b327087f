"""Dead letters are looked at, retried and discarded: those that were shown, and no others."""

from collections.abc import Sequence

import pytest
from sqlalchemy import func, insert, select, update

from shared.contracts import Envelope, Event
from shared.db import database_now
from shared.messaging import accept, dead
from shared.messaging.dead import PAGE, Group, Which
from shared.messaging.models import ReceivedEvent, State
from tests.integration.conftest import NewDatabase
from tests.support.house import House, note


class Refusing:
    """A handler that fails until it is told not to."""

    def __init__(self) -> None:
        self.failing = True

    def __call__(self, session, event: Event, envelope: Envelope) -> None:
        note(session, event, envelope)
        if self.failing:
            raise LookupError(f"a message that names sam@example.org: {event}")


@pytest.fixture
def refusing() -> Refusing:
    return Refusing()


@pytest.fixture
def house(new_database: NewDatabase, refusing: Refusing) -> House:
    return House(new_database, refusing)


def die(house: House, *, times: int = 1) -> None:
    """Let that many events be given up."""
    house.change(house.thing(), times=times)
    for _ in range(12):
        house.settle()
        with house.consumer.transaction("test") as session:
            waiting = update(ReceivedEvent).where(ReceivedEvent.state == State.NEW)
            session.execute(waiting.values(due_at=database_now(session)))


def states(house: House) -> list[State]:
    return [row.state for row in house.rows(ReceivedEvent)]


def seen(house: House) -> Sequence[Group]:
    with house.consumer.reading() as session:
        return dead.groups(session)


def retry(house: House, which: Which) -> int:
    with house.consumer.transaction("test") as session:
        return dead.retry(session, which)


def test_they_are_grouped_retried_and_discarded(house: House, refusing: Refusing):
    die(house, times=3)
    (group,) = seen(house)
    assert (group.count, group.blank) == (3, 0)
    one = house.rows(ReceivedEvent)[0].id
    with house.consumer.transaction("test") as session:
        assert dead.discard(session, Which(id=one), reason="Sent by mistake") == 1
        assert dead.discard(session, Which(id=one), reason="Again") == 0

    refusing.failing = False
    assert retry(house, Which(type=group.type, error="another")) == 0
    assert retry(house, Which(type=group.type, error=group.error)) == 2
    house.settle()

    assert states(house) == [State.DISCARDED, State.DONE, State.DONE]
    assert [version for _, version in house.effects()] == [2, 3]
    with house.consumer.reading() as session:
        (row,) = dead.discarded(session, page=1)
        assert (row.id, row.reason) == (one, "Sent by mistake")
        assert row.ended_at > group.last


def test_what_died_after_it_was_shown_is_left_alone(house: House, refusing: Refusing):
    die(house)
    (shown,) = seen(house)
    die(house)
    assert retry(house, Which(until=shown.last)) == 1
    assert states(house) == [State.NEW, State.DEAD]

    for _ in range(12):  # what is retried, and dies again, was not shown so either
        house.settle()
        house.hurry(ReceivedEvent)

    assert states(house) == [State.DEAD, State.DEAD]
    assert retry(house, Which(until=shown.last)) == 0


def test_one_that_cannot_be_read_is_dead_again_as_soon_as_it_is_retried(
    house: House, refusing: Refusing
):
    refusing.failing = False
    with house.consumer.transaction("test") as session:
        accept(session, [b"not ours"])
    assert retry(house, Which()) == 1
    house.change(house.thing())

    house.settle()

    stands = [(row.state, row.attempts) for row in house.rows(ReceivedEvent)]
    assert stands == [(State.DEAD, 1), (State.DONE, 0)]


def test_one_whose_content_was_deleted_is_counted_so(house: House):
    die(house, times=2)
    with house.consumer.transaction("test") as session:
        first = select(func.min(ReceivedEvent.id)).scalar_subquery()
        session.execute(update(ReceivedEvent).where(ReceivedEvent.id == first).values(body=None))

    (group,) = seen(house)

    assert (group.count, group.blank) == (2, 1)
    with house.consumer.reading() as session:
        found = dead.letters(session, Which(), page=1)
    assert [row.is_blank for row in found] == [True, False]


def test_a_hundred_thousand_are_moved_at_once_and_shown_by_the_page(house: House):
    many = 100_000
    with house.consumer.transaction("test") as session:
        moment = database_now(session)
        row = {
            "source": "s", "type": "a.b.v1", "subject": "x", "body": b"{}", "received_at": moment,
            "due_at": moment, "ended_at": moment, "state": State.DEAD, "attempts": 11, "error": "E",
        }  # fmt: skip
        rows = [row | {"event_id": f"{number}"} for number in range(many)]
        session.execute(insert(ReceivedEvent), rows)

    with house.consumer.transaction("test") as session:
        (group,) = dead.groups(session)
        last = dead.letters(session, Which(type="a.b.v1", error="E"), page=many // PAGE)
        assert (group.count, len(last)) == (many, PAGE)
        which = Which(type=group.type, error=group.error, until=group.last)
        assert dead.discard(session, which, reason="Nobody waits for them") == many
