"""Registrations a second through the API: on PostgreSQL, and in one process on SQLite."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shared.db import Database
from shared.migrations import migrate
from tests.benchmarks import bare, webinars
from tests.benchmarks.clients import CLIENTS, Load, Plan, run
from tests.benchmarks.servers import UNLIMITED, gunicorn, standalone, waitress_hello
from tests.benchmarks.table import Row, compared, in_ms, judged, percentile
from tests.support.needs import need
from tests.support.postgresql import PostgreSQL
from tests.support.registering import environ

_APP = "registration.app:create_app()"
_HELLO = "Flask hello-world"


@dataclass(frozen=True)
class _Yardsticks:
    hello: Load
    bare: float


def on_postgresql() -> Iterator[Row]:
    """Yield the rows of PostgreSQL behind gunicorn."""
    server = PostgreSQL(need("postgresql").parent)
    try:
        url = server.database()
        inserts = bare.postgresql(url)
        with gunicorn("tests.benchmarks.hello:app") as port:
            yardsticks = _Yardsticks(run(Plan(port=port, seconds=3)), inserts)
        yield from _behind_gunicorn(url, yardsticks)
    finally:
        server.stop()


def on_sqlite() -> Iterator[Row]:
    """Yield the rows of the standalone system, whose mails are written meanwhile."""
    with tempfile.TemporaryDirectory(prefix="coproduce-benchmark-") as directory:
        inserts = bare.sqlite(Path(directory))
        with waitress_hello() as port:
            yardsticks = _Yardsticks(run(Plan(port=port, seconds=3)), inserts)
        var = Path(directory) / "var"
        with standalone(var) as system:
            database = Database(f"sqlite:///{var}/registration.sqlite3")
            yield from _roomy(database, system.port, yardsticks, "SQLite, standalone")
            yield from _filling(database, system.port, yardsticks)
            database.dispose()


def _behind_gunicorn(url: str, yardsticks: _Yardsticks) -> Iterator[Row]:
    database = Database(url)
    migrate(database, "registration", instance="test")
    proxied = environ(url, TRUSTED_PROXIES="1", **UNLIMITED)
    with gunicorn(_APP, path="/healthz", **proxied) as port:
        yield from _roomy(database, port, yardsticks, "PostgreSQL, gunicorn", least=250)
        yield from _filling(database, port, yardsticks)
    # Without a proxy everybody comes from one network, as a whole hospital may.
    with gunicorn(_APP, path="/healthz", **environ(url, **UNLIMITED)) as port:
        path = webinars.add(database, "hospital", places=10_000)
        hospital = run(Plan(port=port, path=path, people="hospital", seconds=4))
        webinars.check(database, "hospital", hospital)
    yield compared("  all from one network", hospital.rate, yardsticks.hello.rate, _HELLO)
    yield _times(hospital, yardsticks)
    database.dispose()


def _roomy(
    database: Database, port: int, yardsticks: _Yardsticks, where: str, *, least: int = 0
) -> Iterator[Row]:
    path = webinars.add(database, "roomy", places=20_000)
    load = run(Plan(port=port, path=path, people="roomy", seconds=8))
    webinars.check(database, "roomy", load)
    what = f"registrations, {where}, {CLIENTS} clients"
    target = judged(f"≥ {least}/s", load.rate >= least) if least else ""
    yield compared(what, load.rate, yardsticks.hello.rate, _HELLO, target)
    yield compared("", load.rate, yardsticks.bare, "bare durable inserts")
    target = judged("p99 ≤ 150 ms", percentile(load.seconds, 99) <= 0.15) if least else ""
    yield _times(load, yardsticks, target)


def _filling(database: Database, port: int, yardsticks: _Yardsticks) -> Iterator[Row]:
    path = webinars.add(database, "filling", places=500)
    load = run(Plan(port=port, path=path, people="filling", requests=1_000, warming=0))
    became = webinars.check(database, "filling", load)
    yield compared("  a webinar that fills up", load.rate, yardsticks.hello.rate, _HELLO)
    yield _times(load, yardsticks)
    yield Row(f"  {became}", "", target=judged("none oversold", met=True))


def _times(load: Load, yardsticks: _Yardsticks, target: str = "") -> Row:
    hello = in_ms(yardsticks.hello.seconds, 50, 95, 99)
    return Row(
        "  p50 / p95 / p99", in_ms(load.seconds, 50, 95, 99), f"{_HELLO} {hello}", target=target
    )
