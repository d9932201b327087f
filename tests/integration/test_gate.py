"""The consent gate on both databases: who said no, or never yes, gets no invitation."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import update

from notifications.commands import Order, make_due
from notifications.mail import Mail, Outcome
from notifications.models import (
    Delivery,
    DeliveryState,
    Lane,
    PermissionStatement,
    Recipient,
    Suppression,
    SuppressionReason,
    Template,
)
from notifications.recipients import recipient_of
from notifications.sender import Sender
from shared.contracts.registration import MailingPermissionStated
from shared.db import now
from tests.support.mails import NOON, ONE, Post, an_envelope
from tests.support.office import Office

KEY = "0f" * 32


def state_permission(office: Office, *, given: bool = True, **said: Any) -> None:
    """Note a statement about invitations; proven and at noon unless *said* otherwise."""
    with office.database.transaction("test") as session:
        stated = {"proven": True, "stated_at": NOON, "address_key": KEY} | said
        session.add(
            PermissionStatement(
                event_id=uuid4(),
                source="test",
                purpose="webinar_invitations",
                basis="consent",
                wording="w",
                given=given,
                **stated,
            )
        )


def invite(office: Office, key: str = KEY, address: str = "jo@example.org") -> None:
    """Make an invitation due."""
    with office.database.transaction("test") as session:
        order = Order(
            event_id=uuid4(),
            template=Template.INVITATION,
            subject=recipient_of(session, key).id,
            subject_version=0,
            address_key=key,
            address=address,
            name="Jo",
            context={
                "webinar_title": "Sleeping better",
                "webinar_slug": "sleeping-better",
                "summary": "What helps.",
                "starts_at": NOON.isoformat(),
                "ends_at": ONE.isoformat(),
                "link_generation": 0,
            },
        )
        make_due(session, order)


def suppress(office: Office, reason: SuppressionReason, *, lifted: bool = False) -> None:
    with office.database.transaction("test") as session:
        moment = now(session)
        session.add(
            Suppression(
                address_key=KEY,
                address="jo@example.org",
                reason=reason,
                evidence="test",
                suppressed_at=moment,
                lifted_at=moment if lifted else None,
            )
        )


def pause(office: Office, days: int) -> None:
    with office.database.transaction("test") as session:
        recipient_of(session, KEY)
        until = now(session) + timedelta(days=days)
        session.execute(update(Recipient).values(paused_until=until))


def bulk(office: Office, post: Post | None = None) -> Sender:
    return Sender(office.database, post or office.post, office.renderer, Lane.BULK)


def the_end(office: Office) -> tuple[DeliveryState, str | None]:
    (delivery,) = [row for row in office.rows(Delivery) if row.template == Template.INVITATION]
    return delivery.state, delivery.reason


def test_who_gave_permission_is_invited_in_a_lane_of_its_own(office: Office):
    state_permission(office)
    invite(office)

    assert office.sender.run_once() == 0
    assert bulk(office).run_once() == 1

    assert the_end(office) == (DeliveryState.ACCEPTED, None)
    assert [mail.category for mail in office.post.handed] == ["webinar_invitation"]


@pytest.mark.parametrize(
    ("statements", "goes"),
    [
        ([], False),
        ([{"proven": False}], False),
        ([{}, {"given": False, "stated_at": ONE}], False),
        ([{"given": False}, {"stated_at": ONE}], True),
        ([{"stated_at": ONE}, {"given": False}], True),
        ([{}, {"given": False}], False),
        ([{}, {"given": False, "proven": False, "stated_at": ONE}], False),
        ([{"given": False}, {"proven": False, "stated_at": ONE}], False),
    ],
    ids=[
        "never asked",
        "somebody typed the address",
        "withdrawn later",
        "given later",
        "withdrawn earlier, heard of later",
        "both at once",
        "withdrawn by whoever",
        "withdrawn, then typed by somebody",
    ],
)
def test_the_newest_statement_that_counts_decides(
    office: Office, statements: Sequence[dict[str, Any]], goes: bool
):
    for said in statements:
        state_permission(office, **said)
    invite(office)
    bulk(office).run_once()

    expected = (DeliveryState.ACCEPTED, None) if goes else (DeliveryState.SKIPPED, "no_permission")
    assert the_end(office) == expected
    assert len(office.post.handed) == goes


@pytest.mark.parametrize("reason", SuppressionReason)
def test_a_suppressed_address_gets_no_invitation(office: Office, reason: SuppressionReason):
    state_permission(office)
    suppress(office, reason)
    invite(office)
    bulk(office).run_once()

    assert the_end(office) == (DeliveryState.SKIPPED, "suppressed")
    assert office.post.handed == []


@pytest.mark.parametrize("reason", SuppressionReason)
def test_what_somebody_asked_for_goes_even_to_who_turned_all_else_off(
    office: Office, reason: SuppressionReason
):
    suppress(office, reason)
    office.hear(Template.CONFIRMED, subject=uuid4())
    office.sender.run_once()

    goes = reason == SuppressionReason.UNSUBSCRIBED
    assert len(office.post.handed) == goes


def test_a_suppression_that_was_lifted_bars_nobody(office: Office):
    state_permission(office)
    suppress(office, SuppressionReason.HARD_BOUNCE, lifted=True)
    invite(office)
    bulk(office).run_once()

    assert the_end(office) == (DeliveryState.ACCEPTED, None)


@pytest.mark.parametrize(("days", "state"), [(1, "skipped"), (-1, "accepted")])
def test_who_takes_a_break_gets_no_invitation_until_it_ends(office: Office, days: int, state: str):
    state_permission(office)
    pause(office, days)
    invite(office)
    bulk(office).run_once()

    assert the_end(office)[0] == state


def test_who_says_no_after_the_claim_is_still_left_out(office: Office):
    """The opt-out comes while the mail is being written, in another process."""
    state_permission(office)
    invite(office)
    sender = bulk(office)
    write = sender._write

    def withdraw_meanwhile(claimed: Sequence[Delivery]) -> Any:
        state_permission(office, given=False, stated_at=ONE)
        return write(claimed)

    sender._write = withdraw_meanwhile  # type: ignore[method-assign]
    sender.run_once()

    assert the_end(office) == (DeliveryState.SKIPPED, "no_permission")
    assert office.post.handed == []


def test_many_invitations_are_claimed_sent_and_ended_by_the_batch(office: Office):
    for number in range(30):
        state_permission(office, address_key=f"{number:064x}")
        invite(office, f"{number:064x}", f"p{number}@example.org")
    sizes: list[int] = []

    class Counting(Post):
        def send(self, mails: Sequence[Mail]) -> Sequence[Outcome]:
            sizes.append(len(mails))
            return super().send(mails)

    assert bulk(office, Counting()).run_once() == 30

    assert sizes == [30]
    assert office.states() == {(Template.INVITATION, DeliveryState.ACCEPTED): 30}


def test_who_ticks_the_box_is_asked_a_few_times_a_day_and_not_once_permission_is_given(
    office: Office,
):
    def tick() -> None:
        said = MailingPermissionStated(
            email="jo@example.org", address_key=KEY, purpose="webinar_invitations",
            basis="consent", wording="Email me about future webinars", given=True, stated_at=NOON,
        )  # fmt: skip
        office.handle(an_envelope(said, subject=uuid4()))

    for _ in range(5):
        tick()
    assert office.states() == {(Template.PERMISSION, DeliveryState.DUE): 3}

    state_permission(office)
    office.sender.run_once()
    assert office.states() == {(Template.PERMISSION, DeliveryState.SKIPPED): 3}
    assert {row.reason for row in office.rows(Delivery)} == {"superseded"}
