"""Deliveries from the event to the mailer, on both databases: each once, and none in silence."""

import threading
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, select, update

from notifications.forgetting import blank_old_deliveries
from notifications.handlers import HANDLERS
from notifications.mail import Accepted, Later, Mail, Outcome, Rejected, Unknown
from notifications.models import (
    Delivery,
    DeliveryState,
    PermissionStatement,
    RegistrationState,
    Standing,
    Template,
)
from notifications.rendering import Renderer
from notifications.sender import CLAIM, Sender
from shared.contracts import Envelope
from shared.contracts.registration import MailingPermissionStated
from shared.db import Database, database_now
from shared.messaging import Worker, accept
from shared.messaging.models import ReceivedEvent, State
from shared.migrations import migrate
from tests.support.mails import NOON, Post, an_envelope, an_event, settings

STATES = [Template.CONFIRMED, Template.WAITLISTED, Template.WITHDRAWN]


class Office:
    """Notifications from its inbox to its mailer, with what it did laid open."""

    def __init__(self, database: Database, directory: Path) -> None:
        migrate(database, "notifications", instance="test")
        self.database = database
        self.post = Post()
        self.renderer = Renderer(settings(directory))
        self.worker = Worker(database, HANDLERS)

    @property
    def sender(self) -> Sender:
        """Return one more sender."""
        return Sender(self.database, self.post, self.renderer)

    def hear(
        self, template: Template, *, subject: UUID, version: int = 1, **changes: Any
    ) -> Envelope:
        """Handle the event that leads to *template*, and return it."""
        envelope = an_envelope(an_event(template, **changes), subject=subject, version=version)
        self.handle(envelope)
        return envelope

    def handle(self, envelope: Envelope) -> None:
        """Handle *envelope*; the inbox has forgotten whether it came before."""
        with self.database.transaction("test") as session:
            session.execute(delete(ReceivedEvent))
            accept(session, [envelope.to_bytes()])
        while self.worker.run_once():
            pass
        assert {row.state for row in self.rows(ReceivedEvent)} == {State.DONE}

    def rows(self, model: Any) -> list[Any]:
        """Return every row of *model*."""
        with self.database.reading() as session:
            return list(session.scalars(select(model)))

    def states(self) -> Counter[tuple[Template, DeliveryState]]:
        """Return how many deliveries of each template are in which state."""
        return Counter((row.template, row.state) for row in self.rows(Delivery))

    def change(self, **values: Any) -> None:
        """Set *values* on every delivery; one given as a function gets the time."""
        with self.database.transaction("test") as session:
            moment = database_now(session)
            stated = {name: v(moment) if callable(v) else v for name, v in values.items()}
            session.execute(update(Delivery).values(stated))

    def hurry(self) -> None:
        """Make everything that waits for its time due now."""
        self.change(due_at=lambda moment: moment)

    def expire(self) -> None:
        """Let the time of every claim run out."""
        self.change(claim_until=lambda moment: moment - timedelta(seconds=1))


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    return Office(database, tmp_path)


@pytest.mark.parametrize("template", Template)
def test_an_event_leads_to_one_mail_with_what_it_states(office: Office, template: Template):
    subject = uuid4()
    envelope = office.hear(template, subject=subject, version=3)

    (delivery,) = office.rows(Delivery)
    assert (delivery.event_id, delivery.template) == (envelope.id, template)
    assert (delivery.subject, delivery.subject_version) == (subject, 3)
    assert (delivery.address, delivery.name) == ("jo@example.org", "Jo")
    assert delivery.context["webinar_title"] == "Sleeping better"
    assert not {"email", "name", "address_key"} & delivery.context.keys()

    assert office.sender.run_once() == 1
    assert office.states() == {(template, DeliveryState.ACCEPTED): 1}
    assert [mail.id for mail in office.post.handed] == [delivery.id]
    assert office.sender.run_once() == 0


def test_an_event_that_comes_again_mails_nobody_again(office: Office):
    envelope = office.hear(Template.CONFIRMED, subject=uuid4())
    office.sender.run_once()

    office.handle(envelope)
    office.sender.run_once()

    assert len(office.rows(Delivery)) == len(office.post.handed) == 1


def test_a_registration_stands_as_its_newest_event_says(office: Office):
    subject = uuid4()
    office.hear(Template.WAITLISTED, subject=subject, version=1)
    office.hear(Template.WITHDRAWN, subject=subject, version=3)
    office.hear(Template.CONFIRMED, subject=subject, version=2, link_generation=2)

    (standing,) = office.rows(Standing)
    assert (standing.registration_id, standing.version) == (subject, 3)
    assert (standing.state, standing.link_generation) == (RegistrationState.WITHDRAWN, 1)
    assert (standing.webinar_id, standing.address_key) == (UUID(int=5), "0f" * 32)


@pytest.mark.parametrize("order", [STATES, STATES[::-1]], ids=["in order", "backwards"])
def test_only_the_newest_state_is_mailed(office: Office, order: list[Template]):
    subject = uuid4()
    for template in order:
        office.hear(template, subject=subject, version=1 + STATES.index(template))

    assert office.sender.run_once() == 3
    assert office.states() == {
        (Template.CONFIRMED, DeliveryState.SKIPPED): 1,
        (Template.WAITLISTED, DeliveryState.SKIPPED): 1,
        (Template.WITHDRAWN, DeliveryState.ACCEPTED): 1,
    }
    assert {row.reason for row in office.rows(Delivery)} == {None, "superseded"}


@pytest.mark.parametrize(
    ("later", "generation", "state"),
    [
        (None, 1, DeliveryState.ACCEPTED),
        (Template.CONFIRMED, 1, DeliveryState.ACCEPTED),
        (Template.WITHDRAWN, 1, DeliveryState.SKIPPED),
        (Template.CONFIRMED, 2, DeliveryState.SKIPPED),
    ],
    ids=["nothing later", "a place became free", "withdrawn", "withdrawn and registered again"],
)
def test_a_link_is_sent_while_it_leads_somewhere(
    office: Office, later: Template | None, generation: int, state: DeliveryState
):
    subject = uuid4()
    office.hear(Template.WAITLISTED, subject=subject, version=1)
    office.sender.run_once()
    office.hear(Template.LINK, subject=subject, version=2)
    if later:
        office.hear(later, subject=subject, version=4, link_generation=generation)

    office.sender.run_once()

    assert office.states()[Template.LINK, state] == 1


def test_a_link_is_sent_even_before_it_is_known_how_the_registration_stands(office: Office):
    subject = uuid4()
    office.hear(Template.WITHDRAWN, subject=subject, version=1)
    office.hear(Template.LINK, subject=subject, version=3)

    office.sender.run_once()

    assert office.states()[Template.LINK, DeliveryState.ACCEPTED] == 1


def test_what_was_said_about_being_mailed_is_kept_once(office: Office):
    said = MailingPermissionStated(
        email="jo@example.org",
        address_key="0f" * 32,
        purpose="webinar_invitations",
        basis="consent",
        wording="Email me about future webinars",
        given=True,
        stated_at=NOON,
    )
    envelope = an_envelope(said, subject=uuid4(), version=2)
    for _ in range(2):
        office.handle(envelope)

    (statement,) = office.rows(PermissionStatement)
    assert (statement.event_id, statement.source) == (envelope.id, envelope.source)
    assert (statement.address_key, statement.purpose) == ("0f" * 32, "webinar_invitations")
    assert (statement.basis, statement.given) == ("consent", True)
    assert (statement.wording, statement.stated_at) == ("Email me about future webinars", NOON)
    assert office.rows(Delivery) == office.rows(Standing) == []


def test_saying_yes_to_invitations_does_not_overtake_the_mail_about_the_place(office: Office):
    subject = uuid4()
    office.hear(Template.CONFIRMED, subject=subject, version=1)
    said = MailingPermissionStated(
        email="j@example.org", address_key="k", purpose="p", basis="b", wording="w", given=True,
        stated_at=NOON,
    )  # fmt: skip
    office.handle(an_envelope(said, subject=subject, version=2))

    office.sender.run_once()

    assert office.states() == {(Template.CONFIRMED, DeliveryState.ACCEPTED): 1}


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


def test_a_sender_that_comes_back_late_changes_nothing(office: Office):
    office.hear(Template.LINK, subject=uuid4())

    class Frozen(Post):
        def send(self, mails: Sequence[Mail]) -> Sequence[Outcome]:
            office.expire()
            assert office.sender.run_once() == 1
            return [Rejected("too late to tell") for _ in mails]

    Sender(office.database, Frozen(), office.renderer).run_once()

    assert office.states() == {(Template.LINK, DeliveryState.ACCEPTED): 1}


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
    assert reason.startswith("could not be written: KeyError at notifications.rendering:")


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


@pytest.mark.parametrize(
    ("state", "days", "blank"),
    [
        (DeliveryState.ACCEPTED, 6, False),
        (DeliveryState.ACCEPTED, 8, True),
        (DeliveryState.SKIPPED, 8, True),
        (DeliveryState.REJECTED, 8, False),
        (DeliveryState.REJECTED, 91, True),
        (DeliveryState.UNKNOWN, 89, False),
        (DeliveryState.UNKNOWN, 91, True),
    ],
)
def test_who_was_written_to_is_forgotten_when_it_has_served(
    office: Office, state: DeliveryState, days: int, blank: bool
):
    envelope = office.hear(Template.CONFIRMED, subject=uuid4())
    office.change(state=state, ended_at=lambda moment: moment - timedelta(days=days))
    with office.database.transaction("test") as session:
        blank_old_deliveries(session)

    (delivery,) = office.rows(Delivery)
    told = (delivery.address, delivery.name, delivery.context)
    assert told == (None, None, None) if blank else all(told)
    assert delivery.address_key

    office.handle(envelope)
    office.hurry()
    office.sender.run_once()
    assert office.post.handed == []


def test_nothing_is_kept_longer_than_an_event_can_be_replayed(office: Office):
    office.hear(Template.CONFIRMED, subject=uuid4())
    office.sender.run_once()
    office.hear(Template.CONFIRMED, subject=uuid4())
    office.change(created_at=lambda moment: moment - timedelta(days=500))
    with office.database.transaction("test") as session:
        long_ago = database_now(session) - timedelta(days=401)
        session.execute(
            update(Delivery).where(Delivery.ended_at.is_not(None)).values(ended_at=long_ago)
        )
        blank_old_deliveries(session)

    assert office.states() == {(Template.CONFIRMED, DeliveryState.DUE): 1}
