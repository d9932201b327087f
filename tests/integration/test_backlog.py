"""However much is done and however much waits, a step reads no more than it takes on."""

from collections.abc import Callable, Iterator, Sequence

import pytest
from sqlalchemy import text

from shared.db import Database
from shared.messaging import Outgoing, Relay, accept
from shared.messaging.measures import EventMeasures
from shared.messaging.models import FeedPosition
from shared.messaging.sweep import Sweep
from tests.support.history import TOKEN, an_app, served
from tests.support.house import House
from tests.support.messages import HANDLED, UNHANDLED, unhandled
from tests.support.plans import explained, nodes, rows_read
from tests.support.postgresql import PostgreSQL

MANY, A_MILLION = 20_000, 1_000_000
# A batch is 500 events or 50; each may be met in an index and once more in the table.
MOST = 1_500
INDEXES = {
    "ix_event_unnumbered",
    "ix_event_unpublished",
    "uq_event_position",
    "ix_inbox_waiting",
    "ix_inbox_waiting_type",
    "ix_inbox_dead",
    "uq_inbox_source_event_id",
}
DATA = unhandled().body.decode()

HISTORY = """
    insert into event (event_id, type, time, subject, subject_version, correlation_id, traceparent,
        visibility, data, position, published_at, refusals)
    select gen_random_uuid(), :type, now(), 's' || n, 1, 'c', 't', 'public',
        cast(:body as jsonb) -> 'data', case when n <= 1.5 * :many then n end,
        case when n <= :many then now() - interval '1 day' end, 0
    from generate_series(1, 2 * :many) n"""
INBOX = """
    insert into inbox (source, event_id, type, subject, body, received_at, state, attempts, due_at,
        ended_at)
    select 'urn:coproduce:test:publisher', n::text,
        case when n > 1.9 * :many then :other else :type end, 's' || n,
        case when n > :many then convert_to(:body, 'utf8') end, now(),
        case when n <= :many then 'done' when n % (:many / 100) = 0 then 'dead' else 'new' end, 0,
        now(), case when n <= :many then now() end
    from generate_series(1, 2 * :many) n"""


class TakesAll:
    """A transport to which nothing is ever too much."""

    def deliver(self, batch: Sequence[Outgoing]) -> set[int]:
        return {outgoing.position for outgoing in batch}


@pytest.fixture
def house(postgresql: PostgreSQL) -> Iterator[House]:
    house = House(lambda: Database(postgresql.database()))
    yield house
    house.publisher.dispose()
    house.consumer.dispose()


def fill(house: House, many: int) -> None:
    """Put *many* done and *many* waiting rows into each table."""
    stated = {"many": many, "type": UNHANDLED, "other": HANDLED, "body": DATA}
    for database, statement in ((house.publisher, HISTORY), (house.consumer, INBOX)):
        with database.transaction("test") as session:
            session.execute(text(statement), stated)
    with house.consumer.transaction("test") as session:
        session.add(FeedPosition(publisher="registration", position=many // 2))
    for database in (house.publisher, house.consumer):
        with database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.execute(text("vacuum analyze"))


@pytest.mark.parametrize("many", [MANY, pytest.param(A_MILLION, marks=pytest.mark.verify)])
def test_no_step_reads_more_than_it_takes_on(house: House, many: int):
    fill(house, many)
    relay = Relay(house.publisher, TakesAll())

    def take_in() -> None:
        with house.consumer.transaction("test") as session:
            accept(session, [unhandled(n).body for n in range(50)])

    steps: list[Callable[[], object]] = [
        relay.run_once,
        house.worker.run_once,
        take_in,
        lambda: list(EventMeasures("registration", house.publisher).collect()),
        lambda: list(EventMeasures("notifications", house.consumer).collect()),
    ]
    with (
        explained(house.publisher, house.consumer) as plans,
        served(an_app(house.publisher)) as base,
    ):
        sweep = Sweep(house.consumer, "registration", base=base, token=TOKEN, types={UNHANDLED})
        for step in [*steps, sweep.run_once] * 7:  # after five, plans may be made for ever
            step()

    scans = [
        (node, plan["Query Text"])
        for plan in plans
        for node in nodes(plan["Plan"])
        if node.get("Relation Name") in ("event", "inbox") and "Scan" in node["Node Type"]
    ]
    assert len(plans) > 100
    assert {node["Relation Name"] for node, _ in scans} == {"event", "inbox"}
    assert {index for node, _ in scans if (index := node.get("Index Name"))} >= INDEXES
    excessive = [(node, query) for node, query in scans if rows_read(node) > MOST]
    assert excessive == []
