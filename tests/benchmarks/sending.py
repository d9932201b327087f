"""Mails a second to a provider that answers in 50 ms, and what becomes of them told back."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter
from urllib.request import urlopen

from sqlalchemy import delete, func, select, text

from notifications.app import create_app
from notifications.models import Delivery, Lane
from notifications.receipts import ReceiptWorker
from shared.db import Database
from shared.migrations import migrate
from tests.benchmarks.pace import A_SECOND, beats
from tests.benchmarks.part import waiting
from tests.benchmarks.table import Row, a_second, compared, in_ms, judged, percentile
from tests.support.due import make_due
from tests.support.mails import environ
from tests.support.needs import need
from tests.support.ports import free_port
from tests.support.postgresql import PostgreSQL
from tests.support.rabbitmq import RabbitMQ
from tests.support.reporting import Reporter, a_report
from tests.support.waiting import wait_for

_BATCH, _FEW, _MANY, _TASKS = 20_000, 1_000, 100_000, 3_000
_A_POST = 1_000  # receipts
_BIN = Path(sys.executable).parent


class Place:
    """Notifications' database, and a provider to send to."""

    def __init__(self, directory: Path, url: str, port: int) -> None:
        self.database = Database(url)
        migrate(self.database, "notifications", instance="benchmark")
        self.provider = f"http://127.0.0.1:{port}"
        self.environ = environ(
            directory,
            DATABASE_URL=url,
            MAIL_TRANSPORT="sendgrid",
            SENDGRID_API_KEY="SG.not-a-secret",
            SENDGRID_HOST=self.provider,
            BROKER_URL="amqp://nobody:secret@127.0.0.1:1/%2F",  # the senders do not need it
            FEED_TOKEN="f" * 32,
            FEEDS="membership=http://127.0.0.1:1,registration=http://127.0.0.1:1",
            LOG_LEVEL="WARNING",
        )

    def make_due(self, lane: Lane, numbers: range) -> None:
        """Make a mail due to each of *numbers*, and nothing else."""
        with self.database.transaction("benchmark") as session:
            session.execute(delete(Delivery))
            session.execute(text("delete from permission_statement"))
            make_due(session, lane, numbers)

    def taken(self) -> int:
        """Return how many mails the provider has taken so far."""
        with urlopen(self.provider) as answer:  # noqa: S310
            return int(answer.read())

    @contextmanager
    def worker(self, parts: str) -> Iterator[int]:
        """Yield the process id of a worker."""
        process = subprocess.Popen(
            [_BIN / "notifications", "worker", "--only", parts], env=os.environ | self.environ
        )
        yield process.pid
        process.terminate()
        process.wait(timeout=60)


def rows() -> Iterator[Row]:
    """Yield the rows of sending and of receipts."""
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = PostgreSQL(need("postgresql").parent)
        stack.callback(server.stop)
        port = free_port()
        stack.enter_context(waiting("tests.benchmarks.provider", str(port)))
        place = Place(directory, server.database(), port)
        ours = _rate(place, workers=1)
        target = judged("≥ 3,000/s", ours >= 3_000)
        what = "mails handed over in batches, provider at 50 ms, 1 worker"
        yield compared(
            what, ours, _one_by_one(place), "a Celery task per mail, 8 at a time", target
        )
        yield Row("  2 workers", a_second(_rate(place, workers=2)))
        yield _beside(place)
        yield _memory(place)
        yield from _receipts(place)
        place.database.dispose()


def _rate(place: Place, *, workers: int) -> float:
    """Return mails a second, from the first request's end to the last's."""
    place.make_due(Lane.BULK, range(_BATCH))
    before = place.taken()
    with ExitStack() as stack:
        for _ in range(workers):
            stack.enter_context(place.worker("bulk"))
        return _pace(place, before, _BATCH)


def _pace(place: Place, before: int, count: int) -> float:
    wait_for(lambda: place.taken() > before, seconds=120, what="the first mail")
    begun, first = perf_counter(), place.taken()
    wait_for(lambda: place.taken() - before >= count, seconds=600, what="all mails")
    return (before + count - first) / (perf_counter() - begun)


def _one_by_one(place: Place) -> float:
    """Return mails a second where each is a task of its own."""
    node = RabbitMQ(need("rabbitmq").parent)
    told = {"CELERY_BROKER": f"amqp://guest:guest@127.0.0.1:{node.port}//"}
    told |= {"PROVIDER": place.provider}
    celery = [str(_BIN / "celery"), "--quiet", "--app=tests.benchmarks.one_by_one"]
    worker = subprocess.Popen(
        [*celery, "worker", "--concurrency=8", "--loglevel=ERROR"],
        env=os.environ | told,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    before = place.taken()
    publish = "from tests.benchmarks.one_by_one import send\n" + (
        f"for number in range({_TASKS}): send.delay(number)"
    )
    subprocess.run([sys.executable, "-c", publish], env=os.environ | told, check=True)
    try:
        return _pace(place, before, _TASKS)
    finally:
        worker.terminate()
        worker.wait(timeout=60)
        node.stop()


def _beside(place: Place) -> Row:
    """Measure what somebody waits for their mail while a batch is under way."""
    place.make_due(Lane.BULK, range(_BATCH))
    before = place.taken()
    with place.worker("sender,bulk"):
        wait_for(lambda: place.taken() > before, seconds=120, what="the first mail")
        number = _BATCH
        for _ in beats():
            if place.taken() - before >= _BATCH - 2_000:
                break
            with place.database.transaction("benchmark") as session:
                make_due(session, Lane.SERVICE, range(number, number + 1))
            number += 1
        wait_for(lambda: place.taken() - before >= number, seconds=120, what="all mails")
        wait_for(lambda: not _waits(place), seconds=60, what="all outcomes")
    seconds = _waited(place)
    return Row(
        f"due to accepted, service mails at {A_SECOND}/s beside a batch: p50 / p95 / p99",
        in_ms(seconds, 50, 95, 99),
        target=judged("95 % within 1 s", percentile(seconds, 95) <= 1),
    )


def _waits(place: Place) -> bool:
    with place.database.reading() as session:
        return (
            session.scalar(select(Delivery.id).where(Delivery.ended_at.is_(None)).limit(1))
            is not None
        )


def _waited(place: Place) -> list[float]:
    with place.database.reading() as session:
        waited = select(func.extract("epoch", Delivery.ended_at - Delivery.due_at))
        mailed = session.scalars(waited.where(Delivery.lane == Lane.SERVICE))
        return [float(seconds) for seconds in mailed]


def _memory(place: Place) -> Row:
    """Compare the most memory that a worker ever had, for few mails and for many."""
    peaks = []
    for count in (_FEW, _MANY):
        place.make_due(Lane.BULK, range(count))
        before = place.taken()
        with place.worker("bulk") as pid:
            wait_for(lambda: place.taken() - before >= count, seconds=900, what="all mails")  # noqa: B023
            peaks.append(_peak(pid))
    few, many = peaks
    return Row(
        f"most memory of a worker, {_MANY:,} mails",
        f"{many:.0f} MiB",
        f"{_FEW:,} mails {few:.0f} MiB",
        f"{many / few:.2f}",
        judged("flat, ≤ 1.2", many / few <= 1.2),
    )


def _peak(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def _receipts(place: Place) -> Iterator[Row]:
    """Measure receipts a second: checked and stored by a web process, then applied by a worker."""
    place.make_due(Lane.BULK, range(_BATCH))
    reporter = Reporter()
    app = create_app(place.environ | {"SENDGRID_WEBHOOK_KEYS": reporter.verification_key})
    with place.database.reading() as session:
        refs = session.scalars(select(Delivery.id)).all()
    posts = [
        [a_report("delivered", ref) for ref in refs[first : first + _A_POST]]
        for first in range(0, len(refs), _A_POST)
    ]
    client = app.test_client()
    taken = []
    for post in posts:
        begun = perf_counter()
        assert reporter.post(client, post).status_code == 204
        taken.append(perf_counter() - begun)
    worker = ReceiptWorker(place.database)
    begun = perf_counter()
    while worker.run_once():
        pass
    applied = len(refs) / (perf_counter() - begun)
    stored = _A_POST / median(taken)
    yield Row("receipts checked and stored", a_second(stored), target=_judged(stored))
    yield Row("receipts applied", a_second(applied), target=_judged(applied))


def _judged(rate: float) -> str:
    return judged("≥ 2,000/s", rate >= 2_000)
