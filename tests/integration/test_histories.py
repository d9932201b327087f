"""What works all the time never reads through what was done with long ago."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, text

from shared.db import Database
from shared.messaging import LocalTransport, Relay
from tests.support.office import Office

YEARS = 20_000  # rows of each table
GROWING = {"inbox", "event", "delivery"}
# Every row in the order of the primary key, or in none.
THROUGH_ALL = re.compile("Seq Scan|using pk_|^SCAN")
LONG_AGO = {"postgresql": "timestamptz '2026-01-01 00:00Z'", "sqlite": "'2026-01-01 00:00:00.000'"}
NUMBERS = {
    "postgresql": "generate_series(1, :rows) n",
    "sqlite": "(with recursive s(n) as (select 1 union all select n + 1 from s where n < :rows)"
    " select n from s)",
}
UUID = {"postgresql": "md5(n::text)::uuid", "sqlite": "printf('%032x', n)"}
HISTORY = [
    """insert into inbox (source, event_id, type, subject, received_at, state, attempts, due_at,
        ended_at) select 's', {uuid}, 't', 'x', {then}, 'done', 0, {then}, {then} from {numbers}""",
    """insert into event (id, event_id, type, time, subject, subject_version, correlation_id,
        traceparent, visibility, position, published_at, refusals)
        select n, {uuid}, 't', {then}, 'x', n, 'c', 't', 'internal', n, {then}, 0 from {numbers}""",
    """insert into delivery (id, event_id, template, lane, subject, subject_version, address_key,
        state, attempts, created_at, due_at, ended_at)
        select {uuid}, {uuid}, 'registration_link', 'service', {uuid}, 1, 'k', 'accepted', 1,
        {then}, {then}, {then} from {numbers}""",
]


@pytest.fixture
def old(office: Office) -> Office:
    """Return an office with years behind it and nothing to do."""
    database = office.database
    parts = {
        name: of[database.dialect]
        for name, of in (("uuid", UUID), ("then", LONG_AGO), ("numbers", NUMBERS))
    }
    with database.transaction("test") as session:
        for table in HISTORY:
            session.execute(text(table.format(**parts)), {"rows": YEARS})
    with database.transaction("test") as session:
        session.execute(text("analyze"))
    return office


@contextmanager
def asked(database: Database) -> Iterator[dict[str, Any]]:
    """Yield the queries that the block puts to *database*, with their parameters."""
    queries: dict[str, Any] = {}

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if "FROM " in statement and _table(statement) in GROWING:
            queries[statement] = values

    event.listen(database.engine, "before_cursor_execute", note)
    yield queries
    event.remove(database.engine, "before_cursor_execute", note)


def plan(database: Database, query: str, values: Any) -> list[str]:
    """Return the steps by which *database* answers *query*."""
    explain, step = (
        ("explain", 0) if database.dialect == "postgresql" else ("explain query plan", 3)
    )
    with database.engine.connect() as connection:
        rows = connection.exec_driver_sql(f"{explain} {query}", values)
        return [str(row[step]) for row in rows]


def test_who_looks_for_work_reads_what_is_to_be_done_alone(old: Office):
    with asked(old.database) as queries:
        assert old.worker.run_once() == old.sender.run_once() == 0
        assert Relay(old.database, LocalTransport({})).run_once() == 0

    plans = {query: plan(old.database, query, values) for query, values in queries.items()}
    assert {_table(query) for query in plans} == GROWING
    for query, steps in plans.items():
        assert not [step for step in steps if THROUGH_ALL.search(step)], query


def _table(query: str) -> str:
    return query.partition("FROM ")[2].split()[0]
