"""The yardstick of databases: durable inserts of one small row, and nothing else."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter

import psycopg
from sqlalchemy import make_url

from tests.benchmarks.clients import CLIENTS

_SECONDS = 3.0
_ROW = ("sam@example.org", "Sam Example")


def postgresql(url: str) -> float:
    """Return how many a second go into PostgreSQL over as many connections as there are clients."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("create table bare (id bigserial primary key, email text, name text)")
    until = perf_counter() + _SECONDS

    def insert(_client: int) -> int:
        done = 0
        with psycopg.connect(address, autocommit=True) as connection:
            while perf_counter() < until:
                connection.execute("insert into bare (email, name) values (%s, %s)", _ROW)
                done += 1
        return done

    with ThreadPoolExecutor(CLIENTS) as pool:
        return sum(pool.map(insert, range(CLIENTS))) / _SECONDS


def sqlite(directory: Path) -> float:
    """Return how many a second go into SQLite, which has one writer."""
    connection = sqlite3.connect(directory / "bare.sqlite3", isolation_level=None)
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = full")
    connection.execute("create table bare (id integer primary key, email text, name text)")
    until = perf_counter() + _SECONDS
    done = 0
    while perf_counter() < until:
        connection.execute("insert into bare (email, name) values (?, ?)", _ROW)
        done += 1
    connection.close()
    return done / _SECONDS
