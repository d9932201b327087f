"""How members are touched by the facts that other services publish."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from membership.members import consents
from membership.members.erasing import note_completed
from membership.members.models import Member
from membership.members.wordings import ConsentPurpose
from shared.contracts import Envelope, notifications, registration
from shared.messaging import Handlers

_BY_PREFERENCES = "turned off on the page of our emails"


def note_registration(
    session: Session, event: registration.ErasureCompleted, _envelope: Envelope
) -> None:
    """Note that registration has forgotten somebody."""
    note_completed(session, event.member_id, "registration")


def note_notifications(
    session: Session, event: notifications.ErasureCompleted, _envelope: Envelope
) -> None:
    """Note that notifications has forgotten somebody."""
    note_completed(session, event.member_id, "notifications")


def stop_invitations(
    session: Session, event: notifications.PermissionWithdrawn, _envelope: Envelope
) -> None:
    """Note that a member no longer wants invitations, who said so behind a link in one."""
    found = select(Member).where(Member.address_key == event.address_key).with_for_update()
    member, purpose = session.scalar(found), ConsentPurpose.INVITATIONS
    said = consents.standing(session, member.id).get(purpose) if member else None
    if member and said and said.stated_at <= event.stated_at:
        consents.withdraw(session, member, purpose, how=_BY_PREFERENCES, tell=False)


HANDLERS: Handlers = {
    registration.ErasureCompleted: note_registration,
    notifications.ErasureCompleted: note_notifications,
    notifications.PermissionWithdrawn: stop_invitations,
}
