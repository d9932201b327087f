"""The inbox: whatever comes, in whatever order and however often, is one row and one effect."""

import json
import random
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from shared.contracts import Envelope
from shared.contracts.registration import RegistrationConfirmed
from shared.db import Database
from shared.messaging import Worker, accept
from shared.messaging.models import ReceivedEvent, State
from tests.support.apart import Apart
from tests.support.broker import Broker
from tests.support.house import Effect, House, note
from tests.support.messages import envelope
from tests.support.postgresql import PostgreSQL
from tests.support.waiting import wait_for

COPIES, EVENTS = 100, 20
quickly = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def house(postgresql: PostgreSQL) -> Iterator[House]:
    """Yield a house for all examples: each has events of its own."""
    house = House(lambda: Database(postgresql.database()))
    house.worker = Worker(house.consumer, {RegistrationConfirmed: note})
    yield house
    house.publisher.dispose()
    house.consumer.dispose()


def subject_with(versions: int) -> list[Envelope]:
    subject = uuid4()
    return [envelope(n, subject=subject, version=n) for n in range(1, versions + 1)]


@st.composite
def arrivals(draw: st.DrawFn) -> list[list[Envelope]]:
    """Return the events of some subjects, each several times, in any order and any batches."""
    versions = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    events = [event for count in versions for event in subject_with(count)]
    copies = draw(st.lists(st.sampled_from(events), max_size=20))
    coming = draw(st.permutations([*events, *copies]))
    ends = sorted(draw(st.sets(st.integers(1, len(coming)), max_size=4)) | {len(coming)})
    return [coming[begin:end] for begin, end in zip([0, *ends], ends, strict=False)]


@quickly
@given(batches=arrivals())
def test_each_event_takes_effect_once(house: House, batches: Sequence[Sequence[Envelope]]):
    for batch in batches:
        with house.consumer.transaction("test") as session:
            accept(session, [event.to_bytes() for event in batch])
        house.worker.run_once()

    wanted = {str(event.id) for batch in batches for event in batch}
    with house.consumer.reading() as session:
        found = select(Effect.event_id).where(Effect.event_id.in_(wanted))
        assert sorted(session.scalars(found)) == sorted(wanted)


ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=300),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
NAMES = sorted(json.loads(envelope().to_bytes()))


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Return an event of which something is not as it should be."""
    stated = json.loads(envelope().to_bytes())
    for name in draw(st.sets(st.sampled_from(NAMES), min_size=1, max_size=3)):
        stated[name] = draw(ANYTHING)
    for name in draw(st.sets(st.sampled_from(NAMES), max_size=1)):
        del stated[name]
    return json.dumps(stated).encode()


@quickly
@given(body=st.binary(max_size=1_000) | damaged())
def test_whatever_comes_is_kept_and_holds_up_nobody(house: House, body: bytes):
    sound = envelope()
    with house.consumer.transaction("test") as session:
        before = session.scalar(select(func.count()).select_from(ReceivedEvent)) or 0
        accept(session, [body, sound.to_bytes(), body])
        after = session.scalar(select(func.count()).select_from(ReceivedEvent)) or 0
    while house.worker.run_once():
        pass

    assert after - before in (1, 2)  # what hypothesis tries twice was there before
    with house.consumer.reading() as session:
        found = select(ReceivedEvent).where(ReceivedEvent.event_id == str(sound.id))
        assert session.scalars(found).one().state == State.DONE
        waiting = select(ReceivedEvent).where(ReceivedEvent.state == State.NEW)
        assert all(row.attempts for row in session.scalars(waiting))


def test_a_hundred_copies_of_each_message_in_disorder_take_effect_once(
    postgresql: PostgreSQL, broker: Broker
):
    pair = Apart(lambda: Database(postgresql.database()), broker)
    thing, other = pair.thing(), pair.thing()
    for changed in (thing, other):
        pair.change(changed, times=EVENTS // 2)
    pair.relay.run_once()
    bodies = broker.drain("notifications")
    coming = bodies * COPIES
    random.Random(19).shuffle(coming)
    broker.send("notifications", *coming)

    with pair.at_work():
        wait_for(lambda: broker.count("notifications") == 0, seconds=60)
    pair.settle()

    assert sorted(pair.effects()) == sorted(
        (str(changed.id), version)
        for changed in (thing, other)
        for version in range(1, EVENTS // 2 + 1)
    )
    pair.publisher.dispose()
    pair.consumer.dispose()
