"""Which failures blame nobody, and which are an event's own."""

import sqlite3
from pathlib import Path

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError

from shared.db import Database
from shared.outages import Outage, is_outage

OUTAGES = {
    "the connection is lost": "08006",
    "too many connections": "53300",
    "the disk is full": "53100",
    "out of memory": "53200",
    "an administrator shuts it down": "57P01",
    "another process crashed": "57P02",
    "it is starting": "57P03",
    "its disk fails": "58030",
    "it is a standby": "25006",
}
OWN_FAULTS = {
    "a statement took too long": "57014",
    "a deadlock": "40P01",
    "others were faster": "40001",
    "a lock was not to be had": "55P03",
    "a name is taken": "23505",
    "no such table": "42P01",
    "too long a text": "22001",
}


def told(state: str, kind: type[DBAPIError] = OperationalError) -> DBAPIError:
    """Return the error with which SQLAlchemy tells what PostgreSQL told."""
    return kind("select 1", {}, errors.lookup(state)("told"))


@pytest.mark.parametrize("state", OUTAGES.values(), ids=OUTAGES)
def test_a_server_that_cannot_work_is_waited_for(state: str):
    assert is_outage(told(state))


@pytest.mark.parametrize("state", OWN_FAULTS.values(), ids=OWN_FAULTS)
def test_what_one_statement_brought_about_is_no_outage(state: str):
    assert not is_outage(told(state))
    assert not is_outage(told(state, IntegrityError))


def test_a_server_that_tells_nothing_is_waited_for():
    assert is_outage(OperationalError("select 1", {}, psycopg.OperationalError("no route")))
    assert is_outage(InterfaceError("select 1", {}, psycopg.InterfaceError("closed")))
    lost = OperationalError(
        "select 1", {}, errors.lookup("25P03")("idle too long"), connection_invalidated=True
    )
    assert is_outage(lost)


@pytest.mark.parametrize("error", [ValueError(), OSError(), Outage("elsewhere"), KeyError("x")])
def test_what_the_database_has_no_part_in_is_none_of_its_outages(error: Exception):
    assert not is_outage(error)


def test_a_locked_file_is_waited_for_and_a_wrong_statement_is_not(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path}/x.db")
    with database.transaction("test") as session:
        session.execute(text("create table t (x integer unique)"))
        session.execute(text("insert into t values (1)"))

    with sqlite3.connect(f"{tmp_path}/x.db") as other:
        other.execute("begin immediate")
        with pytest.raises(OperationalError) as locked, database.reading() as session:
            session.execute(text("pragma busy_timeout = 1"))
            session.execute(text("insert into t values (2)"))
    other.close()
    with pytest.raises(OperationalError) as wrong, database.reading() as session:
        session.execute(text("select nothing from nowhere"))
    with pytest.raises(IntegrityError) as taken, database.transaction("test") as session:
        session.execute(text("insert into t values (1)"))
    database.dispose()

    assert is_outage(locked.value)
    assert not is_outage(wrong.value)
    assert not is_outage(taken.value)
