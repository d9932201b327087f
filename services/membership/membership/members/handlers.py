"""How members are touched by the facts that other services publish."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from membership.members import consents
from membership.members.erasing import note_completed
from membership.members.models import FormerAddress, Member
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
    member, purpose = _whoever_said(session, event), ConsentPurpose.INVITATIONS
    said = consents.standing(session, member.id).get(purpose) if member else None
    if member and said and said.stated_at <= event.stated_at:
        # Said at a former address, it is news about the present one.
        tell = member.address_key != event.address_key
        consents.withdraw(session, member, purpose, how=_BY_PREFERENCES, tell=tell)


def _whoever_said(session: Session, event: notifications.PermissionWithdrawn) -> Member | None:
    """Return, locked, who had the address when that was said."""
    had = select(FormerAddress.member_id).where(
        FormerAddress.address_key == event.address_key, FormerAddress.until >= event.stated_at
    )
    former = select(Member).where(Member.id.in_(had)).order_by(Member.id).limit(1)
    present = select(Member).where(Member.address_key == event.address_key)
    return session.scalar(former.with_for_update()) or session.scalar(present.with_for_update())


HANDLERS: Handlers = {
    registration.ErasureCompleted: note_registration,
    notifications.ErasureCompleted: note_notifications,
    notifications.PermissionWithdrawn: stop_invitations,
}
