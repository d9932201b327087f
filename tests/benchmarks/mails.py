"""From the form sent to the mail in the mailbox, and how soon the system is there at all."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

from shared.db import Database
from tests.benchmarks import people, webinars
from tests.benchmarks.servers import standalone
from tests.benchmarks.table import Row, in_ms, judged, percentile
from tests.support.standalone import Standalone
from tests.support.waiting import wait_for

_NOTIFY = "GOV.UK Notify promises 95 % within 10 s"
_STARTS = 3


def rows() -> Iterator[Row]:
    """Yield what was measured on one installation."""
    with tempfile.TemporaryDirectory(prefix="coproduce-benchmark-") as directory:
        var = Path(directory) / "var"
        with standalone(var) as system:
            database = Database(f"sqlite:///{var}/registration.sqlite3")
            for a_second, count in ((5, 200), (20, 300)):
                slug = f"at-{a_second}-a-second"
                webinars.add(database, slug, places=count)
                yield _written(system, slug, count=count, a_second=a_second)
            database.dispose()
        yield _started(var)


def _written(system: Standalone, slug: str, *, count: int, a_second: int) -> Row:
    addresses = [f"{slug}-{number}@example.org" for number in range(count)]
    path = f"/webinars/{slug}/register"
    with people.watched(system.var / "mailbox") as came:
        sent = people.arrive(system.port, path, addresses, a_second=a_second)
        wait_for(lambda: came.keys() >= sent.keys(), seconds=300, what="all mails")
    seconds = [came[address] - sent[address] for address in addresses]
    return Row(
        f"form sent to mail written, {count} people, {a_second}/s: p50 / p95 / p99",
        in_ms(seconds, 50, 95, 99),
        _NOTIFY,
        f"{percentile(seconds, 95) / 10:.2f}",
        judged("95 % within 1 s", percentile(seconds, 95) <= 1),
    )


def _started(var: Path) -> Row:
    """Measure how soon an installation that has served before shows its first page."""
    taken = []
    for _ in range(_STARTS):
        begun = perf_counter()
        with standalone(var):
            taken.append(perf_counter() - begun)
    return Row(
        "standalone, warm start to first page",
        f"{median(taken):.1f} s",
        target=judged("≤ 3 s", median(taken) <= 3),
    )
