"""A member's mail goes to another address: asked for, proven by that address, then changed."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import null, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from membership.members import consents, facts
from membership.members.models import AddressChange, FormerAddress, Member, MemberState
from membership.members.wordings import ConsentPurpose
from shared.contracts.membership import AddressChangeAsked, AddressTaken
from shared.db import now
from shared.messaging import count_recent, publish
from shared.messaging.forgetting import erase as erase_subject
from shared.messaging.models import StoredEvent

ASKED_A_DAY = 3
# Who presses the button twice means it once.
SAME_MOMENT = timedelta(minutes=1)
UNPROVEN_KEPT = timedelta(days=7)
_MAILS = (AddressChangeAsked, AddressTaken)
_EMPTY = {"email": None, "address_key": None, "asked_at": None}


class Taken(Exception):
    """The address has a membership of its own."""


def asked(session: Session, member_id: UUID) -> AddressChange | None:
    """Return what a member has asked for and the address has not proven yet, if in time."""
    change = session.get(AddressChange, member_id)
    in_time = change and change.asked_at and change.asked_at > now(session) - UNPROVEN_KEPT
    return change if in_time else None


def ask(session: Session, member: Member, *, email: str, address_key: str) -> None:
    """Keep where the locked *member* wants their mail, and have that address asked for proof.

    One that has a membership already is told so instead. The caller is told nothing, so that it
    can tell nobody. The newest counts; a member may ask a few times a day.
    """
    if member.state != MemberState.JOINED or not _may_ask(session, member, address_key):
        return
    known = session.get(AddressChange, member.id)
    change = known or AddressChange(member_id=member.id, generation=0)
    session.add(change)
    change.email, change.address_key, change.asked_at = email, address_key, now(session)
    change.generation += 1
    if _is_taken(session, address_key):
        publish(session, AddressTaken(email=email, address_key=address_key), about=member)
    else:
        to_be_proven = AddressChangeAsked(
            email=email, address_key=address_key, link_generation=change.generation
        )
        publish(session, to_be_proven, about=member)


def change(session: Session, member: Member, proven: AddressChange) -> None:
    """Have the mail of the locked *member* go to the address that has *proven* to be theirs.

    Links mailed to the one before stop working: that mailbox may be somebody else's by now.
    Raises Taken.
    """
    email, address_key = proven.email or "", proven.address_key or ""
    _make_way(session, address_key)
    before, moment = (member.email, member.address_key), now(session)
    session.add(FormerAddress(member_id=member.id, address_key=member.address_key, until=moment))
    _state_invitations(session, member, given=False)
    member.email, member.address_key = email, address_key
    member.link_generation += 1
    drop(session, member)
    try:
        session.flush()
    except IntegrityError as error:  # another member's, since a moment ago
        raise Taken from error
    _state_invitations(session, member, given=True)
    publish(session, facts.contact_changed(member, before=before, changed_at=moment), about=member)


def former(session: Session, member_id: UUID) -> Sequence[FormerAddress]:
    """Return the addresses that were a member's before, by their keys, the oldest first."""
    known = select(FormerAddress).where(FormerAddress.member_id == member_id)
    return session.scalars(known.order_by(FormerAddress.id)).all()


def drop(session: Session, member: Member) -> None:
    """Forget what the locked *member* asked for: its link works no more."""
    mine = update(AddressChange).where(AddressChange.member_id == member.id)
    session.execute(mine.values(_EMPTY))


def forget_unproven(session: Session) -> None:
    """Forget every address that has not proven itself in time, in what was told of it as well."""
    overdue = now(session) - UNPROVEN_KEPT
    late = update(AddressChange).where(AddressChange.asked_at <= overdue)
    session.execute(late.values(_EMPTY))
    told = StoredEvent.type.in_([mail.type for mail in _MAILS]) & StoredEvent.data.is_not(None)
    session.execute(
        update(StoredEvent).where(told, StoredEvent.time <= overdue).values(data=null())
    )


def _may_ask(session: Session, member: Member, address_key: str) -> bool:
    """Return whether to write to one more address: neither to the same at once nor for ever."""
    known = asked(session, member.id)
    is_same = known is not None and known.address_key == address_key
    about = [str(member.id)]
    if is_same and _written(session, about, within=SAME_MOMENT):
        return False
    return _written(session, about, within=timedelta(days=1)) < ASKED_A_DAY


def _written(session: Session, about: Sequence[str], *, within: timedelta) -> int:
    """Return how often new addresses were written to lately."""
    return sum(count_recent(session, mail, about=about, within=within) for mail in _MAILS)


def _is_taken(session: Session, address_key: str) -> bool:
    held = select(Member.state).where(Member.address_key == address_key)
    return session.scalar(held) in (MemberState.JOINED, MemberState.LEFT)


def _make_way(session: Session, address_key: str) -> None:
    """Delete what was typed to join at the address: it is nobody's. Raises Taken for a member's."""
    held = select(Member).where(Member.address_key == address_key).with_for_update()
    holder = session.scalar(held)
    if holder is None:
        return
    if holder.state != MemberState.APPLIED:
        raise Taken
    erase_subject(session, str(holder.id))
    session.delete(holder)
    session.flush()


def _state_invitations(session: Session, member: Member, *, given: bool) -> None:
    """Let the address be invited, or no longer, as far as the member wants to be at all."""
    said = consents.standing(session, member.id).get(ConsentPurpose.INVITATIONS)
    if said and said.given:
        stated = facts.invitations_stated(
            member, wording=said.wording, given=given, stated_at=now(session)
        )
        publish(session, stated, about=member)
