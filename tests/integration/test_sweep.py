"""The sweep: what a queue has lost comes from its publisher's history, and nothing comes twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, Response
from sqlalchemy import delete, update
from structlog.testing import capture_logs

from shared.contracts.registration import WebinarPublished
from shared.db import Database
from shared.messaging.feed import PAGE
from shared.messaging.models import FeedPosition, ReceivedEvent
from shared.messaging.models import metadata as messaging
from shared.messaging.sweep import FeedAway, Sweep
from tests.integration.conftest import NewDatabase
from tests.support.apart import Apart
from tests.support.broker import Broker
from tests.support.history import TOKEN, an_app, let_settle, publish_long_ago, served
from tests.support.house import House
from tests.support.ports import free_port
from tests.support.postgresql import PostgreSQL

TYPES = {WebinarPublished.type}


@pytest.fixture
def house(new_database: NewDatabase) -> House:
    return House(new_database)


@pytest.fixture
def sweep(house: House) -> Iterator[Sweep]:
    with served(an_app(house.publisher)) as base:
        yield a_sweep(house.consumer, base)


def a_sweep(database: Database, base: str, *, token: str = TOKEN, types=TYPES) -> Sweep:
    return Sweep(database, "registration", base=base, token=token, types=types)


def all_of(sweep: Sweep) -> int:
    """Return how many events were compared until the end of the history."""
    total = 0
    while count := sweep.run_once():
        total += count
    return total


def kept(house: House) -> list[tuple[object, ...]]:
    """Return all that is in the inbox."""
    columns = ReceivedEvent.__table__.columns.keys()
    return [tuple(getattr(row, name) for name in columns) for row in house.rows(ReceivedEvent)]


def test_what_was_purged_from_the_queue_is_fetched_and_handled(
    postgresql: PostgreSQL, broker: Broker
):
    pair = Apart(lambda: Database(postgresql.database()), broker)
    thing = pair.thing()
    pair.change(thing, times=2)
    pair.settle()
    pair.change(thing, times=3)
    pair.relay.run_once()
    broker.ask("queues/{host}/notifications/contents", method="DELETE")
    pair.settle()
    assert len(pair.effects()) == 2
    let_settle(pair.publisher)

    with served(an_app(pair.publisher)) as base, capture_logs() as lines:
        assert all_of(a_sweep(pair.consumer, base)) == 5
    pair.settle()

    assert [version for _, version in pair.effects()] == [1, 2, 3, 4, 5]
    pair.publisher.dispose()
    pair.consumer.dispose()
    missing = [line for line in lines if line["event"] == "sweep.missing"]
    assert [(line["publisher"], line["events"]) for line in missing] == [("registration", 3)]


def test_it_changes_nothing_where_nothing_is_missing(house: House, sweep: Sweep):
    house.change(house.thing(), times=5)
    house.settle()
    let_settle(house.publisher)
    before = kept(house)

    with capture_logs() as lines:
        assert all_of(sweep) == 5
    house.settle()

    assert kept(house) == before
    assert "sweep.missing" not in [line["event"] for line in lines]
    assert len(house.effects()) == 5


def test_a_whole_history_read_again_has_no_second_effect(house: House, sweep: Sweep):
    house.change(house.thing(), times=5)
    house.settle()
    let_settle(house.publisher)
    for _ in range(2):
        assert all_of(sweep) == 5
        with house.consumer.transaction("test") as session:
            session.execute(delete(FeedPosition))
            session.execute(update(ReceivedEvent).values(body=None))  # as after a week

    house.settle()
    assert len(house.effects()) == 5


def test_it_goes_on_where_it_ended_and_past_what_it_does_not_need(house: House):
    publish_long_ago(house.publisher, PAGE + 1)

    with served(an_app(house.publisher)) as base:
        sweep = a_sweep(house.consumer, base, types={"registration.other.v1"})
        assert [sweep.run_once() for _ in range(3)] == [PAGE, 1, 0]
    assert house.rows(ReceivedEvent) == []


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Database]:
    """Yield the database of a service that has read nothing yet."""
    database = Database(f"sqlite:///{tmp_path}/reader.db")
    messaging.create_all(database.engine)
    yield database
    database.dispose()


def test_a_publisher_that_is_away_is_said_in_words(reader: Database):
    with pytest.raises(FeedAway, match="FEEDS: registration does not answer"):
        a_sweep(reader, f"http://127.0.0.1:{free_port()}").run_once()


def test_another_token_is_said_in_words(reader: Database):
    with (
        served(an_app(reader)) as base,
        pytest.raises(FeedAway, match="FEED_TOKEN: registration has another one"),
    ):
        a_sweep(reader, base, token="other" * 10).run_once()


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (404, "no such page", "registration answers 404"),
        (302, "", "registration answers 302"),
        (500, "", "registration answers 500"),
        (200, "<p>Welcome</p>", "registration answers with no history"),
        (200, '{"status": "ok"}', "registration answers with no history"),
        (200, "[1]", "registration answers with no history"),
        (200, "[{}]", "registration answers with no history"),
        (200, "null", "registration answers with no history"),
    ],
)
def test_an_answer_that_is_no_history_is_said_in_words(
    reader: Database, status: int, body: str, said: str
):
    app = Flask("something_else")
    app.add_url_rule("/internal/registration/events", view_func=lambda: Response(body, status))

    with served(app) as base, pytest.raises(FeedAway, match=said):
        a_sweep(reader, base).run_once()
