"""Two relays of one database: where the active one is frozen, the other takes over."""

import signal
from collections.abc import Callable, Iterator

import psycopg
import pytest

from tests.support.busy import BusyInstallation
from tests.support.installation import Process
from tests.support.waiting import wait_for

LONG = 120  # seconds; a frozen relay is given up after thirty


@pytest.fixture
def relays(busy: BusyInstallation) -> Iterator[tuple[Process, Process]]:
    worker = busy.processes["registration worker"]
    worker.kill()
    relays = [busy.process("registration", "worker", "--only", "relay") for _ in range(2)]
    yield relays[0], relays[1]
    for relay in relays:
        relay.kill()
    worker.start()


@pytest.fixture
def registration(busy: BusyInstallation) -> Iterator[psycopg.Connection]:
    url = busy.databases["registration"].replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def in_the_middle_of_a_batch(relay: Process, database: psycopg.Connection) -> None:
    """Freeze *relay* while it leads and there is something to deliver."""

    def is_frozen() -> bool:
        relay.signal(signal.SIGSTOP)
        if holds(database, "%pg_try_advisory_xact_lock%") and unpublished(database):
            return True
        relay.signal(signal.SIGCONT)
        return False

    wait_for(is_frozen, seconds=60, what="a relay that leads")


def in_the_middle_of_numbering(relay: Process, database: psycopg.Connection) -> None:
    """Freeze *relay* when it has given out numbers and not committed them."""
    with database.transaction():
        database.execute("select from event where position is null for update")
        wait_for(lambda: waits(database), seconds=60, what="a relay that numbers")
        relay.signal(signal.SIGSTOP)
    wait_for(lambda: holds(database, "UPDATE event%"), what="numbers that are not committed")


@pytest.mark.usefixtures("scenes")  # who waits there can do so meanwhile
@pytest.mark.parametrize(
    "freeze",
    [
        in_the_middle_of_a_batch,
        pytest.param(in_the_middle_of_numbering, marks=pytest.mark.verify),
    ],
)
def test_the_standby_takes_over_from_a_frozen_leader(
    busy: BusyInstallation,
    relays: tuple[Process, Process],
    registration: psycopg.Connection,
    freeze: Callable[[Process, psycopg.Connection], None],
):
    leader, standby = relays
    busy.arrivals.come(60)
    leader.start()
    freeze(leader, registration)
    standby.start()
    busy.arrivals.come(10)

    wait_for(lambda: not unpublished(registration), seconds=LONG, what="another to take over")

    before = len(leader.lines())
    leader.signal(signal.SIGCONT)
    busy.arrivals.come(10)
    wait_for(
        lambda: "loop.recovered" in [line["event"] for line in leader.lines()[before:]],
        seconds=60,
        what="the leader to go on",
    )
    busy.check()
    assert leader.runs()
    assert standby.runs()


def unpublished(database: psycopg.Connection) -> int:
    """Return how many events wait to be relayed."""
    question = "select count(*) from event where published_at is null"
    return int(database.execute(question).fetchall()[0][0])


def waits(database: psycopg.Connection) -> bool:
    """Return whether anybody waits for a lock."""
    return bool(database.execute("select from pg_locks where not granted").fetchall())


def holds(database: psycopg.Connection, query: str) -> bool:
    """Return whether anybody idles in a transaction after *query*, a pattern."""
    sessions = (
        "select from pg_stat_activity "
        "where datname = current_database() and state = 'idle in transaction' and query like %s"
    )
    return bool(database.execute(sessions, [query]).fetchall())
