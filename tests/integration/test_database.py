"""Transactions, instants and crash points are the same on both databases."""

import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import StatementError

from shared.db import Database, database_now, now
from shared.messaging.models import Tombstone, metadata
from shared.outages import is_outage
from tests.support.postgresql import PostgreSQL


@pytest.fixture
def tables(database: Database) -> Database:
    metadata.create_all(database.engine)
    return database


def stored(database: Database) -> list[Tombstone]:
    with database.reading() as session:
        return list(session.scalars(select(Tombstone).order_by(Tombstone.subject)))


def test_instants_come_back_aware_and_in_utc(tables: Database):
    summer = datetime(2026, 7, 2, 12, tzinfo=timezone(timedelta(hours=1)))
    with tables.transaction("test") as session:
        session.add(Tombstone(subject="a", erased_at=summer))

    (row,) = stored(tables)
    assert row.erased_at == summer
    assert row.erased_at.tzinfo == UTC


def test_a_naive_instant_is_refused(tables: Database):
    naive = datetime(2026, 7, 2, 12)  # noqa: DTZ001
    with pytest.raises(StatementError), tables.transaction("test") as session:
        session.add(Tombstone(subject="a", erased_at=naive))


def test_a_block_that_raises_keeps_nothing(tables: Database):
    with pytest.raises(KeyError), tables.transaction("test") as session:
        session.add(Tombstone(subject="a", erased_at=now(session)))
        session.flush()
        raise KeyError

    assert stored(tables) == []


def test_only_what_may_be_lost_does_not_wait_for_the_disk(tables: Database):
    asked, waits, does_not = {
        "sqlite": ("pragma synchronous", 2, 1),  # FULL and NORMAL: sqlite.org/pragma.html
        "postgresql": ("show synchronous_commit", "on", "off"),
    }[tables.dialect]

    said = []
    for durable in (True, False, True):
        with tables.transaction("test", durable=durable) as session:
            said.append(session.scalar(text(asked)))

    assert said == [waits, does_not, waits]


def test_many_threads_write_without_getting_in_each_other_s_way(tables: Database):
    def write(number: int) -> None:
        for turn in range(20):
            with tables.transaction("test") as session:
                session.add(Tombstone(subject=f"{number}-{turn}", erased_at=now(session)))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(stored(tables)) == 320


def test_the_database_s_clock_is_the_real_one(tables: Database):
    with tables.reading() as session:
        assert abs(database_now(session) - datetime.now(UTC)) < timedelta(seconds=5)


def test_who_is_frozen_within_a_transaction_lets_go(postgresql: PostgreSQL):
    database = Database(postgresql.database())
    with database.transaction("test") as session:
        patience = session.scalar(text("show idle_in_transaction_session_timeout"))
    database.dispose()

    assert patience == "30s"


def test_what_is_looked_at_often_is_planned_once(postgresql: PostgreSQL):
    database = Database(postgresql.database())
    prepared = 0
    for _ in range(10):
        with database.reading() as session:
            prepared = session.scalar(text("select count(*) from pg_prepared_statements")) or 0
    database.dispose()

    assert prepared > 0


def test_a_database_that_is_away_is_an_outage():
    away = Database("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    with pytest.raises(Exception, match="refused") as caught, away.reading() as session:
        session.execute(select(1))

    assert is_outage(caught.value)
    assert not is_outage(ValueError())


@pytest.mark.parametrize(
    ("name", "kept"), [("test.before_commit", []), ("test.after_commit", ["a"])]
)
def test_a_process_dies_where_it_is_told_to(tables: Database, name: str, kept: list[str]):
    program = (
        "from shared.db import Database, now\n"
        "from shared.messaging.models import Tombstone\n"
        f"database = Database({tables.engine.url.render_as_string(hide_password=False)!r})\n"
        "with database.transaction('test') as session:\n"
        "    session.add(Tombstone(subject='a', erased_at=now(session)))\n"
    )
    environ = os.environ | {"CRASH_AT": name}

    done = subprocess.run([sys.executable, "-c", program], env=environ, check=False)

    assert done.returncode == -signal.SIGKILL
    assert [row.subject for row in stored(tables)] == kept
