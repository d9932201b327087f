"""From a delivery to the mailer, on both databases: each once, and none in silence."""

import threading
from collections import Counter
from collections.abc import Sequence
from uuid import uuid4

import pytest
from sqlalchemy import select

from notifications.claims import CLAIM
from notifications.mail import Accepted, Later, Mail, Outcome, Rejected, Unknown
from notifications.models import (
    Delivery,
    DeliveryState,
    Template,
)
from notifications.sender import Sender
from tests.support.mails import Post
from tests.support.office import Office


def test_a_claim_is_committed_before_the_call_and_no_transaction_is_open(office: Office):
    office.hear(Template.LINK, subject=uuid4())
    seen: list[Delivery] = []

    class Looking(Post):
        def send(self, mails: Sequence[Mail]) -> Sequence[Outcome]:
            with office.database.transaction("test") as session:
                seen.extend(session.scalars(select(Delivery)))
            assert office.sender.run_once() == 0
            return super().send(mails)

    Sender(office.database, Looking(), office.renderer).run_once()

    (claimed,) = seen
    assert (claimed.state, claimed.attempts) == (DeliveryState.SENDING, 1)
    assert claimed.claim_until
    assert claimed.claim_until > claimed.due_at + CLAIM / 2
    (delivery,) = office.rows(Delivery)
    assert (delivery.state, delivery.claimed_by) == (DeliveryState.ACCEPTED, None)


@pytest.mark.parametrize(
    ("outcome", "state", "reason"),
    [
        (Accepted(), DeliveryState.ACCEPTED, None),
        (Rejected("no such mailbox"), DeliveryState.REJECTED, "no such mailbox"),
        (Unknown(), DeliveryState.UNKNOWN, "the mailer gave no answer"),
    ],
)
def test_an_outcome_ends_a_delivery_for_good(
    office: Office, outcome: Outcome, state: DeliveryState, reason: str | None
):
    office.hear(Template.LINK, subject=uuid4())
    office.post.outcome = outcome
    office.sender.run_once()

    (delivery,) = office.rows(Delivery)
    assert (delivery.state, delivery.reason) == (state, reason)
    assert delivery.ended_at
    office.hurry()
    assert office.sender.run_once() == 0


def test_what_is_to_be_tried_later_waits_longer_each_time_and_is_sent(office: Office):
    office.hear(Template.LINK, subject=uuid4())
    office.post.outcome = Later(seconds=3.0)
    pauses = []
    for _ in range(4):
        office.hurry()
        (before,) = office.rows(Delivery)
        assert office.sender.run_once() == 1
        assert office.sender.run_once() == 0
        (after,) = office.rows(Delivery)
        pauses.append((after.due_at - before.due_at).total_seconds())

    # Never sooner than the mailer asked, and twice as long as before once that is longer.
    for pause, least in zip(pauses, [3, 4, 8, 16], strict=True):
        assert least <= pause < least + 2
    office.post.outcome = Accepted()
    office.hurry()
    office.sender.run_once()
    assert office.states() == {(Template.LINK, DeliveryState.ACCEPTED): 1}


@pytest.mark.parametrize(
    ("idempotent", "state"), [(True, DeliveryState.DUE), (False, DeliveryState.UNKNOWN)]
)
def test_a_mailer_that_breaks_is_tried_again_only_if_that_makes_no_second_mail(
    office: Office, idempotent: bool, state: DeliveryState
):
    office.post = Post(idempotent=idempotent)
    office.post.outcome = OSError("no space left")
    for _ in range(3):
        office.hear(Template.LINK, subject=uuid4())

    assert office.sender.run_once() == 3
    assert office.sender.run_once() == 0
    assert office.states() == {(Template.LINK, state): 3}

    office.post.outcome = Accepted()
    office.hurry()
    office.sender.run_once()
    handed = Counter(mail.id for mail in office.post.handed)
    assert set(handed.values()) == ({2} if idempotent else {1})


@pytest.mark.parametrize(
    ("idempotent", "state"), [(True, DeliveryState.ACCEPTED), (False, DeliveryState.UNKNOWN)]
)
def test_what_a_sender_never_reported_is_redone_only_if_that_makes_no_second_mail(
    office: Office, idempotent: bool, state: DeliveryState
):
    office.post = Post(idempotent=idempotent)
    office.hear(Template.LINK, subject=uuid4())
    office.change(state=DeliveryState.SENDING, claimed_by=uuid4(), claim_until=lambda now: now)
    office.expire()

    office.sender.run_once()

    assert office.states() == {(Template.LINK, state): 1}
    assert len(office.post.handed) == (1 if idempotent else 0)


@pytest.mark.parametrize(
    ("idempotent", "state"), [(True, DeliveryState.ACCEPTED), (False, DeliveryState.UNKNOWN)]
)
def test_who_takes_over_alone_need_not_wait_for_claims_to_run_out(
    office: Office, idempotent: bool, state: DeliveryState
):
    office.post = Post(idempotent=idempotent)
    office.hear(Template.LINK, subject=uuid4())
    office.change(
        state=DeliveryState.SENDING, claimed_by=uuid4(), claim_until=lambda now: now + CLAIM
    )
    assert office.sender.run_once() == 0

    successor = office.sender
    successor.take_over()
    successor.run_once()

    assert office.states() == {(Template.LINK, state): 1}


def test_a_sender_that_comes_back_late_changes_nothing(office: Office):
    office.hear(Template.LINK, subject=uuid4())

    class Frozen(Post):
        def send(self, mails: Sequence[Mail]) -> Sequence[Outcome]:
            office.expire()
            assert office.sender.run_once() == 1
            return [Rejected("too late to tell") for _ in mails]

    Sender(office.database, Frozen(), office.renderer).run_once()

    assert office.states() == {(Template.LINK, DeliveryState.ACCEPTED): 1}


def test_a_sender_does_not_speak_for_the_one_that_took_its_claim(office: Office):
    office.hear(Template.LINK, subject=uuid4())
    another = uuid4()

    class Frozen(Post):
        def send(self, mails: Sequence[Mail]) -> Sequence[Outcome]:
            office.change(claimed_by=another)
            return [Rejected("too late to tell") for _ in mails]

    Sender(office.database, Frozen(), office.renderer).run_once()

    (delivery,) = office.rows(Delivery)
    assert (delivery.state, delivery.claimed_by) == (DeliveryState.SENDING, another)


def test_a_mail_that_cannot_be_written_is_told_of_and_holds_up_no_other(office: Office):
    office.hear(Template.LINK, subject=uuid4())
    office.change(context={"webinar_title": "jo@example.org"}, subject_version=7)
    office.hear(Template.CONFIRMED, subject=uuid4())

    office.sender.run_once()

    assert office.states() == {
        (Template.LINK, DeliveryState.REJECTED): 1,
        (Template.CONFIRMED, DeliveryState.ACCEPTED): 1,
    }
    (reason,) = {row.reason for row in office.rows(Delivery)} - {None}
    assert reason.startswith("could not be written: KeyError at notifications.content:")


def test_senders_side_by_side_send_each_mail_once(office: Office):
    for _ in range(120):
        office.hear(Template.LINK, subject=uuid4())
    together = threading.Barrier(4)

    def send() -> None:
        sender = office.sender
        together.wait()
        while sender.run_once():
            pass

    senders = [threading.Thread(target=send) for _ in range(4)]
    for thread in senders:
        thread.start()
    for thread in senders:
        thread.join()

    handed = Counter(mail.id for mail in office.post.handed)
    assert set(handed.values()) == {1}
    assert handed.keys() == {row.id for row in office.rows(Delivery)}
    assert office.states() == {(Template.LINK, DeliveryState.ACCEPTED): 120}
