"""Events a second from committed to handled, by way of RabbitMQ and PostgreSQL."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from time import perf_counter
from typing import Any

from sqlalchemy import func, select

from shared.db import Database
from shared.messaging import Outgoing
from shared.messaging.models import Instance, ReceivedEvent, State, StoredEvent
from shared.messaging.relay import envelope_of
from tests.benchmarks import pace, publishers, streaming
from tests.benchmarks.events import EVENTS, SUBJECTS, VERSIONS, Projected, project, record
from tests.benchmarks.part import waiting
from tests.benchmarks.table import Row, a_second, compared, in_ms, judged
from tests.support.apart import Apart
from tests.support.broker import Broker
from tests.support.needs import need
from tests.support.postgresql import PostgreSQL
from tests.support.rabbitmq import RabbitMQ
from tests.support.waiting import wait_for

_LEAST = 2_500
_ONE_BY_ONE = 1_000  # of the events: more would only take longer
_PARTS = ("relay", "consumer", "inbox")
_BACKLOG = 4  # times `EVENTS`

NewPair = Callable[[], Apart]


def rows() -> Iterator[Row]:
    """Yield the rows of relay, consumer and inbox as three processes."""
    with _servers() as new_pair:
        ours = _together(new_pair())
        alone = _each_alone(pair := new_pair())
        events = _events(pair)
        bare = publishers.pipelined(new_pair().broker.url("registration"), events)
        single = publishers.one_by_one(new_pair().broker.url("registration"), events[:_ONE_BY_ONE])
        what = "events, committed to handled, RabbitMQ + PostgreSQL"
        target = judged(f"≥ {_LEAST:,}/s", ours >= _LEAST)
        yield compared(what, ours, bare, "pika, pipelined, no database", target)
        yield compared("", ours, single, "kombu, one by one, no database")
        yield compared("", ours, _streamed(new_pair(), events), "FastStream, without an outbox")
        yield compared("  relay alone", alone["relay"], bare, "pika, pipelined, no database")
        yield Row("  consumer alone", a_second(alone["consumer"]))
        yield Row("  inbox alone", a_second(alone["inbox"]))
        yield _paced(new_pair())
        rates = [a_second(_backlog(new_pair(), workers)) for workers in (1, 2, 3)]
        what = f"  inbox, a backlog of {_BACKLOG * EVENTS:,}, 1 / 2 / 3 workers"
        yield Row(what, " / ".join(rates))


@contextmanager
def _servers() -> Iterator[NewPair]:
    """Yield what makes pairs of services, each with databases and a virtual host of its own."""
    with ExitStack() as stack:
        server = PostgreSQL(need("postgresql").parent)
        stack.callback(server.stop)
        node = RabbitMQ(need("rabbitmq").parent)
        stack.callback(node.stop)

        def new_pair() -> Apart:
            pair = Apart(lambda: Database(server.database()), Broker(node), project)
            stack.callback(pair.publisher.dispose)
            stack.callback(pair.consumer.dispose)
            return pair

        yield new_pair


def _together(pair: Apart) -> float:
    """Return how many events a second all three processes move and handle."""
    for _ in range(3):
        record(pair)
    with ExitStack() as stack:
        begins = [stack.enter_context(_ready(pair, part)) for part in _PARTS]
        begun = perf_counter()
        for begin in begins:
            begin()
        _wait(lambda: _handled(pair) == 3 * EVENTS)
        rate = 3 * EVENTS / (perf_counter() - begun)
    _check(pair, 3 * SUBJECTS)
    return rate


def _each_alone(pair: Apart) -> dict[str, float]:
    """Return how many events a second each process does, the others standing still."""
    record(pair)
    done = {
        "relay": lambda: not _count(pair.publisher, StoredEvent.published_at.is_(None)),
        "consumer": lambda: _count(pair.consumer, ReceivedEvent.id > 0) == EVENTS,
        "inbox": lambda: _handled(pair) == EVENTS,
    }
    rates = {}
    for part, is_done in done.items():
        with _ready(pair, part) as begin:
            begun = perf_counter()
            begin()
            _wait(is_done)
            rates[part] = EVENTS / (perf_counter() - begun)
    _check(pair, SUBJECTS)
    return rates


def _backlog(pair: Apart, workers: int) -> float:
    """Return how many events a second so many workers of one service handle side by side."""
    for _ in range(_BACKLOG):
        record(pair)
    with _ready(pair, "relay") as relay, _ready(pair, "consumer") as consumer:
        relay()
        consumer()
        _wait(lambda: _count(pair.consumer, ReceivedEvent.id > 0) == _BACKLOG * EVENTS)
    with ExitStack() as stack:
        begins = [stack.enter_context(_ready(pair, "inbox")) for _ in range(workers)]
        begun = perf_counter()
        for begin in begins:
            begin()
        _wait(lambda: _handled(pair) == _BACKLOG * EVENTS)
        rate = _BACKLOG * EVENTS / (perf_counter() - begun)
    _check(pair, _BACKLOG * SUBJECTS)
    return rate


def _paced(pair: Apart) -> Row:
    """Return how long each event takes that comes at a steady pace."""
    with ExitStack() as stack:
        for part in _PARTS:
            stack.enter_context(_ready(pair, part))()
        seconds = pace.seconds(pair)
    return Row(f"  p50 / p95 / p99 at {pace.A_SECOND}/s", in_ms(seconds, 50, 95, 99))


def _streamed(pair: Apart, events: list[Outgoing]) -> float:
    """Return how many of *events* a second FastStream publishes and handles."""
    rate = streaming.handled(
        events,
        _url(pair.consumer),
        write=pair.broker.url("registration"),
        read=pair.broker.url("notifications"),
        wait=lambda: _wait(lambda: _sum_of_versions(pair) == SUBJECTS * VERSIONS),
    )
    _check(pair, SUBJECTS)
    return rate


def _ready(pair: Apart, part: str) -> AbstractContextManager[Callable[[], None]]:
    """Return *part* as a process that waits for its beginning."""
    database = pair.publisher if part == "relay" else pair.consumer
    service = "registration" if part == "relay" else "notifications"
    return waiting("tests.benchmarks.part", part, _url(database), pair.broker.url(service))


def _events(pair: Apart) -> list[Outgoing]:
    """Return what the publisher has published, as it travelled."""
    with pair.publisher.reading() as session:
        source = session.get_one(Instance, 1).source
        rows = session.scalars(select(StoredEvent).order_by(StoredEvent.position))
        return [Outgoing.of(envelope_of(row, source)) for row in rows]


def _handled(pair: Apart) -> int:
    return _count(pair.consumer, ReceivedEvent.state == State.DONE)


def _count(database: Database, which: Any) -> int:
    with database.reading() as session:
        return session.scalars(select(func.count()).where(which)).one()


def _sum_of_versions(pair: Apart) -> int:
    with pair.consumer.reading() as session:
        return session.scalar(select(func.sum(Projected.version))) or 0


def _check(pair: Apart, subjects: int) -> None:
    """Raise AssertionError unless the consumer knows the newest of each subject."""
    with pair.consumer.reading() as session:
        known = session.execute(select(Projected.version, func.count()).group_by("version")).all()
    assert [tuple(row) for row in known] == [(VERSIONS, subjects)], known


def _wait(condition: Callable[[], bool]) -> None:
    wait_for(condition, seconds=600, what="all events")


def _url(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)
