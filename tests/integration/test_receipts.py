"""What the provider reports: kept once, applied in any order, never backwards."""

import base64
import itertools
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from notifications.app import create_app
from notifications.mail import Unknown
from notifications.models import (
    Delivery,
    DeliveryState,
    Receipt,
    ReceiptState,
    Suppression,
    Template,
)
from notifications.receipts import ReceiptWorker
from shared.addresses import address_key
from shared.db import database_now
from shared.messaging.models import StoredEvent
from shared.web import house_of
from tests.support.mails import environ
from tests.support.office import Office
from tests.support.reporting import SIGNATURE, TIMESTAMP, URL, Reporter, a_report
from tests.support.web import KEY

JO = address_key(bytes.fromhex(KEY), "jo@example.org")


class Desk:
    """Where receipts come in, and the worker that applies them."""

    def __init__(self, office: Office, directory: Path) -> None:
        self.office = office
        self.reporter = Reporter()
        url = office.database.engine.url.render_as_string(hide_password=False)
        stated = environ(
            directory, DATABASE_URL=url, SENDGRID_WEBHOOK_KEYS=self.reporter.verification_key
        )
        self.app = create_app(stated)
        self.client: FlaskClient = self.app.test_client()
        self._worker = ReceiptWorker(office.database)

    def report(self, *events: Any) -> None:
        """Let the provider report *events*, and apply what is due."""
        assert self.reporter.post(self.client, list(events)).status_code == 204
        self.work()

    def work(self) -> None:
        while self._worker.run_once():
            pass

    def delivery(self, state: DeliveryState = DeliveryState.ACCEPTED) -> UUID:
        """Return a delivery of its own in *state*."""
        self.office.hear(Template.LINK, subject=uuid4())
        made = max(self.office.rows(Delivery), key=lambda row: row.id)
        with self.office.database.transaction("test") as session:
            session.execute(
                update(Delivery).where(Delivery.id == made.id).values(state=state, ended_at=None)
            )
        return UUID(str(made.id))

    def state(self, id: UUID) -> DeliveryState:
        (found,) = [row for row in self.office.rows(Delivery) if row.id == id]
        return DeliveryState(found.state)

    def suppressed(self) -> list[tuple[str, str]]:
        return [(row.address_key, row.reason) for row in self.office.rows(Suppression)]


@pytest.fixture
def desk(office: Office, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(office, tmp_path)
    yield made
    house_of(made.app).database.dispose()


REPORTS = [
    ("processed", {}, DeliveryState.ACCEPTED),
    ("deferred", {"response": "451 later", "attempt": "2"}, DeliveryState.ACCEPTED),
    ("delivered", {"response": "250 OK"}, DeliveryState.DELIVERED),
    ("bounce", {"type": "bounce", "status": "5.1.1", "reason": "no"}, DeliveryState.BOUNCED),
    ("bounce", {"type": "blocked", "reason": "full"}, DeliveryState.BOUNCED),
    ("dropped", {"reason": "Bounced Address"}, DeliveryState.DROPPED),
]


@pytest.mark.parametrize(("event", "more", "state"), REPORTS)
@pytest.mark.parametrize("before", [DeliveryState.UNKNOWN, DeliveryState.SENDING])
def test_a_receipt_tells_what_became_of_a_mail(
    desk: Desk, before: DeliveryState, event: str, more: dict[str, Any], state: DeliveryState
):
    delivery, other = desk.delivery(before), desk.delivery(before)
    desk.report(a_report(event, delivery, **more))

    assert desk.state(delivery) == state
    assert desk.state(other) == before


@pytest.mark.parametrize(
    "order", list(itertools.permutations(["processed", "deferred", "delivered"]))
)
def test_no_order_of_receipts_brings_a_mail_back(desk: Desk, order: Sequence[str]):
    delivery = desk.delivery(DeliveryState.UNKNOWN)
    for event in order:
        desk.report(a_report(event, delivery))

    assert desk.state(delivery) == DeliveryState.DELIVERED
    desk.report(a_report("bounce", delivery, reason="came back after all"))
    desk.report(a_report("delivered", delivery, timestamp=int(time.time()) + 9))
    assert desk.state(delivery) == DeliveryState.BOUNCED


def test_what_was_rejected_or_skipped_stays_so(desk: Desk):
    for state in (DeliveryState.REJECTED, DeliveryState.SKIPPED):
        delivery = desk.delivery(state)
        desk.report(a_report("delivered", delivery))
        assert desk.state(delivery) == state


def test_a_sender_that_reports_late_changes_nothing_a_receipt_has_told(desk: Desk):
    desk.office.hear(Template.LINK, subject=uuid4())
    (made,) = desk.office.rows(Delivery)
    send = desk.office.post.send

    def report_meanwhile(mails: Any) -> Any:
        desk.report(a_report("delivered", made.id))
        return send(mails)

    desk.office.post.outcome = Unknown()
    desk.office.post.send = report_meanwhile  # type: ignore[method-assign]
    desk.office.sender.run_once()

    assert desk.state(made.id) == DeliveryState.DELIVERED


def test_a_report_that_is_repeated_is_kept_once_even_under_another_id(desk: Desk):
    delivery = desk.delivery()
    report = a_report("bounce", delivery, type="blocked", reason="full")
    desk.report(report, report)
    desk.report(report)
    desk.report(report | {"sg_event_id": "another"})

    assert len(desk.office.rows(Receipt)) == 1


def test_junk_in_a_signed_batch_spoils_only_itself(desk: Desk):
    delivery = desk.delivery()
    good = a_report("delivered")
    junk: list[Any] = [None, 7, "x", [], {}, {"event": "delivered"}, {"a\x00b": "\x00"}]
    junk += [good | {"timestamp": "soon"}, good | {"timestamp": 10**30}, good | {"ref": "none"}]
    junk += [good | {"ref": ref} for ref in (7, None, True, ["none"])]
    desk.report(*junk, a_report("delivered", delivery))

    assert desk.state(delivery) == DeliveryState.DELIVERED
    kept = desk.office.rows(Receipt)
    assert [row.state for row in kept].count(ReceiptState.DEAD) == len(junk)
    assert all(row.body is not None for row in kept)


@pytest.mark.parametrize("odd", ["\x00", "\ud800", float("nan"), float("inf"), "🌻"])
def test_a_report_is_applied_though_something_in_it_cannot_be_kept(desk: Desk, odd: Any):
    delivery = desk.delivery()

    desk.report(a_report("delivered", delivery, response=odd, sg_event_id=f"id {odd}"))

    assert desk.state(delivery) == DeliveryState.DELIVERED


@pytest.mark.parametrize("body", [b"", b"{}", b"nonsense", b"[" * 5000, b"\xff\xfe"])
def test_a_signed_body_that_is_no_array_is_kept_as_it_is(desk: Desk, body: bytes):
    answer = desk.client.post(URL, data=body, headers=desk.reporter.headers(body))

    # What is not text cannot have been signed by the provider, who signs JSON.
    assert answer.status_code == (401 if body.startswith(b"\xff") else 204)
    assert len(desk.office.rows(Receipt)) == (answer.status_code == 204)


def test_a_receipt_that_comes_before_its_delivery_waits_for_it(desk: Desk):
    early = uuid4()
    desk.report(a_report("delivered", early))
    (waiting,) = desk.office.rows(Receipt)
    assert (waiting.state, waiting.attempts) == (ReceiptState.NEW, 1)

    delivery = desk.delivery(DeliveryState.UNKNOWN)
    with desk.office.database.transaction("test") as session:
        moment = database_now(session)
        session.execute(update(Delivery).where(Delivery.id == delivery).values(id=early))
        session.execute(update(Receipt).values(due_at=moment))
    desk.work()

    assert desk.state(early) == DeliveryState.DELIVERED


def test_a_receipt_of_somebody_elses_mail_is_given_up_in_the_end(desk: Desk):
    desk.report(a_report("delivered", uuid4()))
    for _ in range(6):
        with desk.office.database.transaction("test") as session:
            session.execute(update(Receipt).values(due_at=database_now(session)))
        desk.work()

    (receipt,) = desk.office.rows(Receipt)
    assert (receipt.state, receipt.error) == (ReceiptState.DEAD, "no delivery of ours is meant")


@pytest.mark.parametrize(
    ("reports", "reason"),
    [
        ([("bounce", {"type": "bounce"})], "hard_bounce"),
        ([("bounce", {"type": "blocked"})] * 2, None),
        ([("bounce", {"type": "blocked"})] * 3, "soft_bounces"),
        ([("spamreport", {})], "complaint"),
        ([("unsubscribe", {})], "unsubscribed"),
        ([("dropped", {"reason": "Spam Reporting Address"})], "complaint"),
        ([("dropped", {"reason": "Recipient List over Package Quota"})], None),
        ([("deferred", {})] * 5, None),
        ([("delivered", {})], None),
        ([("open", {})], None),
    ],
)
def test_an_address_that_must_not_be_written_to_is_suppressed_once(
    desk: Desk, reports: Sequence[tuple[str, dict[str, Any]]], reason: str | None
):
    for number, (event, more) in enumerate(reports):
        moment = int(time.time()) - number
        report = a_report(event, desk.delivery(), email="Jo@Example.org", timestamp=moment, **more)
        desk.report(report)

    assert desk.suppressed() == ([(JO, reason)] if reason else [])
    events = [row.type for row in desk.office.rows(StoredEvent)]
    assert events == (["notifications.address_suppressed.v1"] if reason else [])


@pytest.mark.parametrize(("days_ago", "suppresses"), [((31, 10, 0), False), ((0, 29, 10), True)])
def test_soft_bounces_of_long_ago_are_not_counted(
    desk: Desk, days_ago: Sequence[int], suppresses: bool
):
    for days in days_ago:
        report = a_report("bounce", desk.delivery(), type="blocked")
        desk.report(report | {"timestamp": int(time.time()) - days * 86_400})

    assert desk.suppressed() == ([(JO, "soft_bounces")] if suppresses else [])


def test_a_suppression_keeps_the_evidence_for_staff(desk: Desk):
    desk.report(a_report("bounce", desk.delivery(), status="5.1.1", reason="550 no such user"))

    (kept,) = desk.office.rows(Suppression)
    assert kept.address == "jo@example.org"
    assert "5.1.1 550 no such user" in kept.evidence


class TestSignature:
    """Only the provider can report."""

    def post(self, desk: Desk, body: bytes, headers: dict[str, str]) -> int:
        return desk.client.post(URL, data=body, headers=headers).status_code

    def test_a_single_changed_byte_is_refused(self, desk: Desk):
        body = json.dumps([a_report("delivered")]).encode()
        headers = desk.reporter.headers(body)
        for place in range(len(body)):
            changed = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
            assert self.post(desk, changed, headers) == 401
        signature = base64.b64decode(headers[SIGNATURE])
        for place in range(len(signature)):
            bad = signature[:place] + bytes([signature[place] ^ 1]) + signature[place + 1 :]
            forged = headers | {SIGNATURE: base64.b64encode(bad).decode()}
            assert self.post(desk, body, forged) == 401

        assert desk.office.rows(Receipt) == []
        assert self.post(desk, body, headers) == 204

    @pytest.mark.parametrize("hours", [-26, 26])
    def test_what_was_signed_long_ago_or_will_be_is_refused(self, desk: Desk, hours: int):
        body = b"[]"
        at = int(time.time()) + hours * 3600

        assert self.post(desk, body, desk.reporter.headers(body, at=at)) == 401

    def test_what_is_posted_again_within_a_day_is_taken(self, desk: Desk):
        headers = desk.reporter.headers(b"[]", at=int(time.time()) - 24 * 3600)

        assert self.post(desk, b"[]", headers) == 204

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {SIGNATURE: "not base64!", TIMESTAMP: "1"},
            {SIGNATURE: "AAAA", TIMESTAMP: "now"},
            {SIGNATURE: "é".encode().decode("latin-1"), TIMESTAMP: "1" * 400},
        ],
    )
    def test_nonsense_is_refused_in_words(self, desk: Desk, headers: dict[str, str]):
        answer = desk.client.post(URL, data=b"[]", headers=headers)

        assert answer.status_code == 401
        assert answer.mimetype == "application/problem+json"

    def test_a_post_larger_than_the_providers_largest_is_taken(self, desk: Desk):
        body = json.dumps([a_report("delivered", reason="x" * 900_000)]).encode()

        assert self.post(desk, body, desk.reporter.headers(body)) == 204
