"""Limits hold whoever counts: threads, processes, several buckets at once, on either database."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from shared.db import Database
from shared.web.limits import TooManyRequests, Window, forget_old_limits, hit
from shared.web.models import metadata, rate_limit
from tests.support.web import Clock

HOUR = timedelta(hours=1)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(new_database: Callable[[], Database], clock: Clock) -> Iterator[Database]:
    url = new_database().engine.url.render_as_string(hide_password=False)
    database = Database(url, clock=clock)
    metadata.create_all(database.engine)
    yield database
    database.dispose()


def passes(database: Database, *buckets: str, limit: int = 3, per: timedelta = HOUR) -> bool:
    try:
        with database.transaction("limit", durable=False) as session:
            hit(session, *(Window(bucket=bucket, limit=limit, per=per) for bucket in buckets))
    except TooManyRequests:
        return False
    return True


def hits(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.sum(rate_limit.c.hits))) or 0


def test_as_many_pass_as_may(database: Database) -> None:
    assert [passes(database, "a") for _ in range(5)] == [True, True, True, False, False]


def test_buckets_do_not_share(database: Database) -> None:
    for bucket in ("a", "b"):
        assert passes(database, bucket, limit=1)
        assert not passes(database, bucket, limit=1)


def test_it_is_said_when_to_come_back(database: Database) -> None:
    """The clock stands at 12:20:30.5, so a window of an hour ends in 39 minutes 29.5 seconds."""
    with database.transaction("limit") as session:
        once = Window(bucket="a", limit=1, per=HOUR)
        hit(session, once)
        with pytest.raises(TooManyRequests) as caught:
            hit(session, once)

    assert caught.value.retry_after == 39 * 60 + 30


def test_after_that_time_all_begins_anew(database: Database, clock: Clock) -> None:
    assert passes(database, "a", limit=1)
    clock.pass_by(minutes=39, seconds=29)
    assert not passes(database, "a", limit=1)
    clock.pass_by(seconds=1)

    assert passes(database, "a", limit=1)


def test_who_is_refused_is_not_counted_anywhere(database: Database) -> None:
    assert passes(database, "network", "address", limit=1)
    assert not passes(database, "another network", "address", limit=1)

    assert hits(database) == 2
    assert passes(database, "another network", "another address", limit=1)


def test_eight_threads_pass_exactly_as_often_as_allowed(database: Database) -> None:
    together = Barrier(8)

    def try_often(_: int) -> int:
        together.wait()
        return sum(passes(database, "network", "address", limit=30) for _ in range(10))

    with ThreadPoolExecutor(8) as pool:
        passed = sum(pool.map(try_often, range(8)))

    assert passed == 30
    assert hits(database) == 60


def test_old_windows_are_forgotten(database: Database, clock: Clock) -> None:
    passes(database, "a", per=timedelta(days=1))
    clock.pass_by(hours=12)
    passes(database, "b")
    with database.transaction("tidy") as session:
        assert forget_old_limits(session) == 1

    assert hits(database) == 1


def test_no_window_is_longer_than_what_is_kept(database: Database) -> None:
    with database.transaction("limit") as session, pytest.raises(ValueError, match="a day"):
        hit(session, Window(bucket="a", limit=1, per=timedelta(days=2)))
