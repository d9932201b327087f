"""How long what an event says is kept, on both databases: as long as it serves, and no longer."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from shared.contracts import Visibility
from shared.db import database_now
from shared.messaging.forgetting import blank_old_bodies
from shared.messaging.models import ReceivedEvent, State, StoredEvent
from tests.integration.conftest import NewDatabase
from tests.support.house import House


@pytest.fixture
def house(new_database: NewDatabase) -> House:
    house = House(new_database)
    house.change(house.thing())
    house.settle()
    return house


@pytest.mark.parametrize(
    ("state", "days", "rows", "blank"),
    [
        (State.DONE, 6, 1, False),
        (State.DONE, 8, 1, True),
        (State.DISCARDED, 8, 1, True),
        (State.DEAD, 89, 1, False),
        (State.DEAD, 91, 1, True),
        (State.DONE, 399, 1, True),
        (State.DONE, 401, 0, True),
        (State.DEAD, 401, 0, True),
        # A dead letter that is tried once more still says when it died.
        (State.NEW, 401, 1, False),
    ],
)
def test_a_received_event_is_blanked_and_in_the_end_forgotten(
    house: House, state: State, days: int, rows: int, blank: bool
):
    with house.consumer.transaction("test") as session:
        ended_at = database_now(session) - timedelta(days=days)
        session.execute(update(ReceivedEvent).values(state=state, ended_at=ended_at))
        blank_old_bodies(session)

    kept = house.rows(ReceivedEvent)
    assert len(kept) == rows
    assert [row.body is None for row in kept] == [blank] * rows


@pytest.mark.parametrize(
    ("visibility", "days", "blank"),
    [
        (Visibility.INTERNAL, 29, False),
        (Visibility.INTERNAL, 31, True),
        (Visibility.INTERNAL, None, False),
        (Visibility.PUBLIC, 4000, False),
    ],
)
def test_of_what_was_published_the_internal_is_blanked(
    house: House, visibility: Visibility, days: int | None, blank: bool
):
    with house.publisher.transaction("test") as session:
        published_at = None if days is None else database_now(session) - timedelta(days=days)
        long_ago = database_now(session) - timedelta(days=5000)
        values = {"visibility": visibility, "published_at": published_at, "time": long_ago}
        session.execute(update(StoredEvent).values(values))
        blank_old_bodies(session)

    (event,) = house.rows(StoredEvent)
    assert (event.data is None) == blank
    assert (event.position, event.subject_version) == (1, 1)
