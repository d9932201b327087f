"""How notifications reacts to what membership publishes, and to who is to be forgotten."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from notifications.commands import Order, make_due
from notifications.erasing import erasure_of, forget, note_answered, note_asked
from notifications.models import PermissionStatement, Template
from notifications.recipients import keep_pause, recipient_of
from shared.contracts import Envelope, membership, registration
from shared.messaging import Handlers, keep_first

ToAPerson = (
    membership.JoiningAsked
    | membership.AddressProven
    | membership.MemberLinkRequested
    | membership.MemberContactChanged
)
ToAnAddress = ToAPerson | membership.AddressChangeAsked | membership.AddressTaken


def ask_for_proof(session: Session, event: membership.JoiningAsked, envelope: Envelope) -> None:
    """Ask an address that was entered to join whether that was its own person."""
    _tell(session, Template.JOINING, event, envelope)


def welcome(session: Session, event: membership.AddressProven, envelope: Envelope) -> None:
    """Welcome a new member, with the link to their own page."""
    _tell(session, Template.WELCOME, event, envelope)


def send_link(session: Session, event: membership.MemberLinkRequested, envelope: Envelope) -> None:
    """Send a member the link to their own page again."""
    _tell(session, Template.MEMBER_LINK, event, envelope)


def ask_new_address(
    session: Session, event: membership.AddressChangeAsked, envelope: Envelope
) -> None:
    """Ask an address whether it is to be a member's: it may be a stranger's, and names nobody."""
    generation = event.link_generation
    make_due(session, _order(Template.ADDRESS_ASKED, event, envelope, link_generation=generation))


def say_it_is_taken(session: Session, event: membership.AddressTaken, envelope: Envelope) -> None:
    """Tell an address that it has a membership already, and that nothing has changed."""
    make_due(session, _order(Template.ADDRESS_TAKEN, event, envelope))


def tell_both_addresses(
    session: Session, event: membership.MemberContactChanged, envelope: Envelope
) -> None:
    """Send the new address its link, and tell the former one that it was changed: not to what.

    A break from our invitations goes on at the new one.
    """
    _tell(session, Template.ADDRESS_PROVEN, event, envelope)
    changed = _order(Template.ADDRESS_CHANGED, event, envelope)
    key = event.former_address_key
    make_due(session, replace(changed, address=event.former_email, address_key=key))
    keep_pause(session, event.former_address_key, event.address_key)


def note_permission(
    session: Session, event: membership.MailingPermissionStated, envelope: Envelope
) -> None:
    """Keep what a member said about being mailed: the address has proven itself already."""
    recipient_of(session, event.address_key)
    row = {"event_id": envelope.id, "source": envelope.source, "proven": True} | vars(event)
    keep_first(session, PermissionStatement, row)


def forget_member(session: Session, event: membership.ErasureRequested, envelope: Envelope) -> None:
    """Forget somebody who asked for that."""
    erasure = erasure_of(session, event.subjects[0])
    note_asked(erasure, event.requested_at)
    forget(
        session,
        erasure,
        addresses=event.addresses,
        subjects=event.subjects,
    )


def forget_registrations(
    session: Session, event: registration.ErasureCompleted, _envelope: Envelope
) -> None:
    """Forget what registration had told of somebody, and whatever of it comes late."""
    erasure = erasure_of(session, event.member_id)
    note_answered(erasure, event.requested_at)
    forget(
        session,
        erasure,
        addresses=[(event.address_key, event.requested_at)],
        subjects=event.subjects,
    )


HANDLERS: Handlers = {
    membership.JoiningAsked: ask_for_proof,
    membership.AddressProven: welcome,
    membership.MemberLinkRequested: send_link,
    membership.AddressChangeAsked: ask_new_address,
    membership.AddressTaken: say_it_is_taken,
    membership.MemberContactChanged: tell_both_addresses,
    membership.MailingPermissionStated: note_permission,
    membership.ErasureRequested: forget_member,
    registration.ErasureCompleted: forget_registrations,
}


def _tell(session: Session, template: Template, event: ToAPerson, envelope: Envelope) -> None:
    """Make the mail due by which the person concerned hears of the event."""
    order = _order(template, event, envelope, link_generation=event.link_generation)
    make_due(session, replace(order, name=event.name))


def _order(template: Template, event: ToAnAddress, envelope: Envelope, **context: Any) -> Order:
    """Return the order of a mail that greets nobody by name."""
    return Order(
        event_id=envelope.id,
        template=template,
        subject=UUID(envelope.subject),
        subject_version=envelope.subjectversion,
        address_key=event.address_key,
        address=event.email,
        context=context,
    )
