"""kill -9 at each point between an event's record and its row in an inbox: it arrives, once."""

import os
import signal
import subprocess
import sys

import pytest

from shared.db import Database
from shared.messaging.models import ReceivedEvent, StoredEvent
from tests.faults.broker.conftest import NewPair
from tests.support.apart import Apart

EVENTS = 20
pytestmark = pytest.mark.verify


def dies(point: str, part: str, database: Database, broker_url: str) -> bool:
    """Return whether *part*, as a process of its own, was killed at *point*."""
    database_url = database.engine.url.render_as_string(hide_password=False)
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.broker.part", part, database_url, broker_url],
        env=os.environ | {"CRASH_AT": point},
        timeout=120,
    )
    return done.returncode == -signal.SIGKILL


def arrived(pair: Apart) -> list[str]:
    return sorted(row.event_id for row in pair.rows(ReceivedEvent))


@pytest.mark.parametrize(
    ("point", "in_broker"),
    [
        ("relay.published:7", 0),  # not sent yet, only written into the connection's buffer
        ("relay.mark.before_commit", EVENTS),
    ],
)
def test_a_relay_is_killed_and_the_next_one_sends_what_was_not_marked(
    new_pair: NewPair, point: str, in_broker: int
):
    pair = new_pair(None)
    pair.change(pair.thing(), times=EVENTS)

    assert dies(point, "relay", pair.publisher, pair.broker.url("registration"))
    assert pair.broker.count("notifications") == in_broker
    pair.settle()

    published = pair.rows(StoredEvent)
    assert [row.position for row in published] == list(range(1, EVENTS + 1))
    assert arrived(pair) == sorted(str(row.event_id) for row in published)
    assert len(pair.effects()) == EVENTS


@pytest.mark.parametrize(
    ("point", "is_stored"), [("consumer.before_commit", False), ("consumer.after_commit", True)]
)
def test_a_consumer_is_killed_and_the_next_one_is_brought_the_same_again(
    new_pair: NewPair, point: str, is_stored: bool
):
    pair = new_pair(None)
    pair.change(pair.thing(), times=EVENTS)
    assert pair.relay.run_once() == EVENTS

    assert dies(point, "consumer", pair.consumer, pair.broker.url("notifications"))
    assert bool(pair.rows(ReceivedEvent)) == is_stored
    pair.settle()

    assert arrived(pair) == sorted(str(row.event_id) for row in pair.rows(StoredEvent))
    assert len(pair.effects()) == EVENTS
