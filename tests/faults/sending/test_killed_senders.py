"""Senders that die at every point, before a provider that cannot be asked: none is sent twice.

A real worker process and a real PostgreSQL; the provider is a stub with a ledger.
"""

import itertools
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from notifications.commands import send_again
from notifications.models import Delivery, DeliveryState, Lane
from notifications.receipts import ReceiptWorker, keep
from notifications.reports import read_reports
from notifications.sender import BATCHES
from shared.db import Database, database_now
from tests.support import sendgrid
from tests.support.due import make_due
from tests.support.mails import environ
from tests.support.needs import need
from tests.support.once import migrate
from tests.support.postgresql import PostgreSQL
from tests.support.reporting import a_report
from tests.support.sendgrid import ACCEPT, Answer, Request, SendGridStub
from tests.support.waiting import wait_for
from tests.support.web import KEY

SERVICE, BULK = (2 * size + 20 for size in BATCHES.values())
IN_FLIGHT = sum(BATCHES.values())  # of one worker: a claim of each lane
UNDER_WAY = (DeliveryState.DUE, DeliveryState.SENDING)
ENDED = {
    DeliveryState.ACCEPTED,
    DeliveryState.REJECTED,
    DeliveryState.SKIPPED,
    DeliveryState.UNKNOWN,
}


class Office:
    """Notifications' database with mails due, a provider, and workers to be killed."""

    def __init__(self, url: str, directory: Path) -> None:
        self.stub = SendGridStub()
        self.database = Database(url)
        self._environ = (
            environ(directory)
            | self.stub.environ
            | {
                "DATABASE_URL": url,
                "BROKER_URL": "amqp://nobody:secret@127.0.0.1:1/%2F",  # these parts do not need it
                "FEED_TOKEN": "f" * 32,
                "FEEDS": "membership=http://127.0.0.1:1,registration=http://127.0.0.1:1",
            }
        )
        self._log = directory / "worker.log"
        migrate(self.database, "notifications")

    def worker(self, **more: str) -> subprocess.Popen[bytes]:
        """Start the two senders as a process."""
        program = Path(sys.executable).parent / "notifications"
        with self._log.open("ab") as log:
            return subprocess.Popen(
                [program, "worker", "--only", "sender,bulk"],
                env=os.environ | self._environ | more,
                stdout=log,
                stderr=log,
            )

    def make_mails_due(self) -> None:
        """Make mails of both lanes due, each to an address of its own that permits invitations."""
        with self.database.transaction("test") as session:
            make_due(session, Lane.SERVICE, range(SERVICE))
            make_due(session, Lane.BULK, range(SERVICE, SERVICE + BULK))

    def states(self) -> dict[UUID, DeliveryState]:
        with self.database.reading() as session:
            rows = session.execute(select(Delivery.id, Delivery.state))
            return {id: DeliveryState(state) for id, state in rows}

    def count(self, *states: DeliveryState) -> int:
        counted = select(func.count()).select_from(Delivery).where(Delivery.state.in_(states))
        with self.database.reading() as session:
            return session.scalars(counted).one()

    def expire_claims(self) -> None:
        """Let two minutes pass for what the dead have claimed."""
        with self.database.transaction("test") as session:
            past = database_now(session) - timedelta(seconds=1)
            held = update(Delivery).where(Delivery.state == DeliveryState.SENDING)
            session.execute(held.values(claim_until=past))

    def finish(self) -> None:
        """Let a worker that nobody kills send whatever is left."""
        self.expire_claims()
        if not self.count(*UNDER_WAY):
            return
        worker = self.worker()
        try:
            wait_for(lambda: not self.count(*UNDER_WAY), seconds=90, what="the rest")
        finally:
            worker.terminate()
            assert worker.wait(timeout=30) == 0

    def hear_from_provider(self) -> None:
        """Apply a signed-for report of each mail that the provider has accepted."""
        reports = [a_report("processed", ref) for ref in self.stub.accepted]
        with self.database.transaction("test") as session:
            body = json.dumps(reports).encode()
            keep(session, read_reports(body, bytes.fromhex(KEY), database_now(session)))
        worker = ReceiptWorker(self.database)
        while worker.run_once():
            pass

    def close(self) -> None:
        self.stub.close()
        self.database.dispose()


@pytest.fixture(scope="module")
def server() -> Iterator[PostgreSQL]:
    made = PostgreSQL(need("postgresql").parent)
    yield made
    made.stop()


@pytest.fixture
def office(server: PostgreSQL, tmp_path: Path) -> Iterator[Office]:
    made = Office(server.database(), tmp_path)
    made.make_mails_due()
    yield made
    made.close()


def check(office: Office, *, workers: int = 1) -> None:
    """Find each mail accounted for, and none sent twice, first by what we know and then by all."""
    accepted = set(office.stub.accepted)
    assert set(office.stub.accepted.values()) == {1}
    assert office.stub.violations == []
    states = office.states()
    assert len(states) == SERVICE + BULK
    assert set(states.values()) <= ENDED
    known = {id for id, state in states.items() if state == DeliveryState.ACCEPTED}
    unknown = {id for id, state in states.items() if state == DeliveryState.UNKNOWN}
    assert known <= accepted
    assert accepted - known <= unknown
    assert len(unknown) <= workers * IN_FLIGHT

    office.hear_from_provider()
    states = office.states()
    assert {id for id, state in states.items() if state == DeliveryState.ACCEPTED} == accepted

    lost = [id for id, state in states.items() if state == DeliveryState.UNKNOWN]
    with office.database.transaction("test") as session:
        for id in lost:
            send_again(session, id)
    office.finish()
    assert office.stub.accepted.keys() == states.keys()
    assert set(office.stub.accepted.values()) == {1}
    assert set(office.states().values()) == {DeliveryState.ACCEPTED}


@pytest.mark.parametrize(
    "point",
    [
        "claim.before_commit:2",
        "claim.after_commit:2",
        "outcome.before_commit:1",
        "outcome.after_commit:1",
    ],
)
def test_a_sender_that_dies_at_any_commit_sends_nothing_twice(office: Office, point: str):
    worker = office.worker(CRASH_AT=point)
    assert worker.wait(timeout=60) == -9

    office.finish()

    check(office)


def test_a_sender_that_dies_while_the_provider_accepts_sends_nothing_twice(office: Office):
    asked = itertools.count(1)

    def kill_all(_request: Request) -> Answer:
        if next(asked) > 3:
            for worker in workers:
                worker.kill()
        return ACCEPT

    office.stub.behaviour = kill_all
    workers = [office.worker() for _ in range(2)]  # each takes a second to ask for the first time
    for worker in workers:
        assert worker.wait(timeout=60) == -9
    office.stub.behaviour = lambda _request: ACCEPT
    office.finish()

    check(office, workers=len(workers))


def test_senders_side_by_side_before_a_provider_that_fails_in_every_way(office: Office):
    chance = random.Random(7)
    ways = [sendgrid.RESET, sendgrid.ACCEPT_THEN_RESET, sendgrid.ACCEPT_THEN_FAIL, sendgrid.FAIL,
            sendgrid.UNAVAILABLE, sendgrid.too_many(), *[ACCEPT] * 12]  # fmt: skip
    office.stub.behaviour = lambda _request: chance.choice(ways)
    workers = [office.worker() for _ in range(2)]
    wait_for(lambda: len(office.stub.requests) > 20, seconds=90, what="some requests")
    for worker in workers:
        worker.kill()
        worker.wait(timeout=30)
    office.stub.behaviour = lambda _request: ACCEPT
    with office.database.transaction("test") as session:
        due = update(Delivery).where(Delivery.state == DeliveryState.DUE)
        session.execute(due.values(due_at=database_now(session)))
    office.finish()

    assert set(office.stub.accepted.values()) == {1}
    accepted = set(office.stub.accepted)
    states = office.states()
    lost = {id for id, state in states.items() if state == DeliveryState.UNKNOWN}
    assert {id for id, state in states.items() if state == DeliveryState.ACCEPTED} <= accepted
    assert accepted | lost == states.keys()
