"""From an event to a delivery, on both databases: each once, and the newest state alone."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from notifications.forgetting import blank_old_deliveries
from notifications.models import (
    Delivery,
    DeliveryState,
    PermissionStatement,
    Recipient,
    RegistrationState,
    Standing,
    Template,
)
from notifications.recipients import recipient_of
from shared.contracts.membership import MemberContactChanged
from shared.contracts.registration import MailingPermissionStated
from shared.db import database_now, now
from tests.support.mails import EVENTS, NOON, OF_A_MOVE, OF_MEMBERS, an_envelope, an_event
from tests.support.office import Office

STATES = [Template.CONFIRMED, Template.WAITLISTED, Template.WITHDRAWN]


@pytest.mark.parametrize("template", EVENTS)
def test_an_event_leads_to_one_mail_with_what_it_states(office: Office, template: Template):
    subject = uuid4()
    envelope = office.hear(template, subject=subject, version=3)

    (delivery,) = office.rows(Delivery)
    assert (delivery.event_id, delivery.template) == (envelope.id, template)
    assert (delivery.subject, delivery.subject_version) == (subject, 3)
    name = "Jo" if "name" in (envelope.data or {}) else ""
    assert (delivery.address, delivery.name) == ("jo@example.org", name)
    title = None if template in OF_MEMBERS else "Sleeping better"
    assert delivery.context.get("webinar_title") == title
    assert not {"email", "name", "address_key"} & delivery.context.keys()

    assert office.send() == 1
    assert office.states() == {(template, DeliveryState.ACCEPTED): 1}
    assert [mail.id for mail in office.post.handed] == [delivery.id]
    assert office.send() == 0


def test_when_an_address_was_changed_both_are_told_and_the_old_one_not_to_which(office: Office):
    office.hear(Template.ADDRESS_CHANGED, subject=uuid4())

    told = {row.template: row for row in office.rows(Delivery)}
    assert set(told) == set(OF_A_MOVE)
    new, old = (told[template] for template in OF_A_MOVE)
    assert (new.address, new.name, new.context) == ("jo@example.org", "Jo", {"link_generation": 1})
    assert (old.address, old.name, old.context) == ("jo.before@example.org", "", {})
    assert office.send() == 2
    (mail,) = (mail for mail in office.post.handed if mail.id == old.id)
    assert not re.search("Jo|jo@|/members/", mail.text + mail.html)


@pytest.mark.parametrize("days", [None, 1, 90])
def test_a_break_from_invitations_goes_on_at_the_new_address(office: Office, days: int | None):
    moved = an_event(Template.ADDRESS_CHANGED)
    assert isinstance(moved, MemberContactChanged)
    with office.database.transaction("test") as session:
        moment = now(session)
        former = recipient_of(session, moved.former_address_key)
        former.paused_until = moment + timedelta(days=30)
        if days:
            recipient = recipient_of(session, moved.address_key)
            recipient.paused_until = moment + timedelta(days=days)

    office.handle(an_envelope(moved, subject=uuid4()))

    pauses = {row.address_key: row.paused_until for row in office.rows(Recipient)}
    assert pauses[moved.address_key] == moment + timedelta(days=max(days or 0, 30))


def test_what_is_told_of_a_change_overtakes_what_was_true_before(office: Office):
    subject = uuid4()
    office.hear(Template.CONFIRMED, subject=subject, version=1)
    office.hear(Template.CHANGED, subject=subject, version=2)

    office.send()

    (standing,) = office.rows(Standing)
    assert standing.state == RegistrationState.CONFIRMED
    assert office.states() == {
        (Template.CONFIRMED, DeliveryState.SKIPPED): 1,
        (Template.CHANGED, DeliveryState.ACCEPTED): 1,
    }


def test_after_a_cancellation_nothing_else_is_said_of_the_registration(office: Office):
    subject = uuid4()
    for version, template in enumerate((Template.LINK, Template.CHANGED, Template.CANCELLED), 1):
        office.hear(template, subject=subject, version=version)

    office.send()

    assert office.states() == {
        (Template.LINK, DeliveryState.SKIPPED): 1,
        (Template.CHANGED, DeliveryState.SKIPPED): 1,
        (Template.CANCELLED, DeliveryState.ACCEPTED): 1,
    }


def test_many_who_hear_of_a_change_do_not_hold_up_who_has_just_registered(office: Office):
    office.hear(Template.CHANGED, subject=uuid4())
    office.hear(Template.CONFIRMED, subject=uuid4())

    office.sender.run_once()

    assert [mail.category for mail in office.post.handed] == [Template.CONFIRMED]


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
    assert statement.proven is False
    assert office.rows(Standing) == []
    (question,) = office.rows(Delivery)
    assert (question.template, question.state) == (Template.PERMISSION, DeliveryState.DUE)


def test_saying_yes_to_invitations_does_not_overtake_the_mail_about_the_place(office: Office):
    subject = uuid4()
    office.hear(Template.CONFIRMED, subject=subject, version=1)
    said = MailingPermissionStated(
        email="j@example.org", address_key="k", purpose="p", basis="b", wording="w", given=True,
        stated_at=NOON,
    )  # fmt: skip
    office.handle(an_envelope(said, subject=subject, version=2))

    office.sender.run_once()

    assert office.states() == {
        (Template.CONFIRMED, DeliveryState.ACCEPTED): 1,
        (Template.PERMISSION, DeliveryState.ACCEPTED): 1,
    }


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
    office.change(state=state, reason="why", ended_at=lambda moment: moment - timedelta(days=days))
    with office.database.transaction("test") as session:
        blank_old_deliveries(session)

    (delivery,) = office.rows(Delivery)
    told = (delivery.address, delivery.name, delivery.context)
    assert told == (None, None, None) if blank else all(told)
    assert (delivery.reason is None) == (blank and state != DeliveryState.SKIPPED)
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
