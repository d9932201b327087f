"""PostgreSQL goes, under all that use it, and comes back."""

from collections.abc import Iterator

import pytest
from prometheus_client import REGISTRY
from sqlalchemy.exc import DBAPIError

from shared.db import Database
from shared.messaging.models import ReceivedEvent, State, StoredEvent
from shared.outages import is_outage
from tests.support.apart import Apart
from tests.support.broker import Broker
from tests.support.postgresql import PostgreSQL
from tests.support.waiting import wait_for

RESTARTS = 30


@pytest.fixture
def pair(postgresql: PostgreSQL, broker: Broker) -> Iterator[Apart]:
    pair = Apart(lambda: Database(postgresql.database()), broker)
    yield pair
    pair.close()
    pair.publisher.dispose()
    pair.consumer.dispose()


def connections() -> float:
    """Return how often a consumer has connected to the broker."""
    labels = {"service": "notifications"}
    return REGISTRY.get_sample_value("coproduce_consumer_connections_total", labels) or 0.0


def test_a_consumer_started_over_and_over_without_its_database_takes_nothing_from_the_queue(
    postgresql: PostgreSQL, broker: Broker, pair: Apart
):
    pair.change(pair.thing(), times=10)
    pair.relay.run_once()
    assert pair.receiver.run_once() > 0  # it is connected when its database goes
    pair.change(pair.thing(), times=60)
    pair.relay.run_once()

    postgresql.shut_down()
    try:
        before = connections()
        for consumer in [
            pair.receiver,
            *(broker.consumer("notifications", pair.consumer) for _ in range(RESTARTS)),
        ]:
            with pytest.raises(DBAPIError) as failure:
                consumer.run_once()
            assert is_outage(failure.value)
        assert connections() == before
    finally:
        postgresql.start()

    pair.settle()
    assert broker.count("notifications.dead") == 0
    assert [row.state for row in pair.rows(ReceivedEvent)] == [State.DONE] * 70
    assert len(pair.effects()) == 70


def test_a_consumer_whose_database_answers_but_takes_nothing_takes_nothing_from_the_queue(
    broker: Broker, pair: Apart
):
    pair.receiver.run_once()
    pair.change(pair.thing(), times=10)
    pair.relay.run_once()

    read_only(pair.consumer, "on")  # as a standby is until it is promoted
    before = connections()
    for _ in range(5):
        with pytest.raises(DBAPIError) as failure:
            pair.receiver.run_once()
        assert is_outage(failure.value)
    assert connections() == before
    read_only(pair.consumer, "off")

    pair.settle()
    assert len(pair.effects()) == 10
    assert broker.count("notifications.dead") == 0


def read_only(database: Database, state: str) -> None:
    name = database.engine.url.database
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("set default_transaction_read_only = off")
        connection.exec_driver_sql(
            f'alter database "{name}" set default_transaction_read_only = {state}'
        )
    database.dispose()  # others' connections are new


@pytest.mark.parametrize("how", ["killed", "shut down at once"])
def test_relay_consumer_and_worker_recover_by_themselves(
    postgresql: PostgreSQL, pair: Apart, how: str
):
    go = postgresql.kill if how == "killed" else postgresql.shut_down
    thing = pair.thing()
    with pair.at_work() as loops:
        pair.change(thing, times=30)
        go()
        postgresql.start()
        pair.change(thing, times=30)
        wait_for(lambda: len(pair.effects()) >= 60, seconds=60, what="all to be handled")
        assert all(loop.is_alive() for loop in loops)

    assert len(pair.effects()) == 60
    assert [row.position for row in pair.rows(StoredEvent)] == list(range(1, 61))
