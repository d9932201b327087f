"""Forgetting somebody: here at once, and in the other services by an event that each answers."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from membership.members import addresses, facts, groups
from membership.members.commands import blank_answers
from membership.members.models import (
    AddressChange,
    ConsentStatement,
    Erasure,
    FormerAddress,
    Member,
    MemberState,
    RepeatedErasure,
)
from shared.contracts.membership import ErasureRequested, MemberErased
from shared.db import now
from shared.messaging import publish
from shared.messaging.forgetting import KEEP_KEYS
from shared.messaging.forgetting import erase as erase_subject

Held = tuple[str, datetime]  # by what key an address is known, and until when it was theirs


class Found(StrEnum):
    """What this database knew of somebody who is to be erased once more."""

    HELD = "held"
    ERASED = "erased"
    UNKNOWN = "unknown"


def erase(session: Session, member: Member) -> None:
    """Delete all that is held of the locked *member*, and have the other services do the same.

    The row stays, empty, for the sake of its id: by it each service says that it has done so.
    """
    if member.state == MemberState.ERASED:
        return
    moment, address_key = now(session), member.address_key
    former = addresses.former(session, member.id)
    session.add(FormerAddress(member_id=member.id, address_key=address_key, until=moment))
    _empty(session, member, moment)
    _expect_answers(session, member.id, moment)
    publish(session, facts.erasure_requested(member, address_key, moment, former), about=member)


def erase_again(session: Session, id: UUID, listed: Sequence[Held]) -> Found:
    """Erase who was this member once more, and have every service do so, after a backup came back.

    *listed* are the addresses of the time of the erasure. Nobody can tell which service has lost
    it, so all are asked, by an event with a subject of its own: the member's is a tombstone.
    Return what was known of them here.
    """
    moment, found = now(session), Found.ERASED
    member = session.get(Member, id, with_for_update=True)
    if member is None:
        member, found = _nobody(session, id), Found.UNKNOWN
    theirs = {*listed, *((row.address_key, row.until) for row in addresses.former(session, id))}
    if member.state != MemberState.ERASED:
        found = Found.HELD
        if member.address_key not in {address_key for address_key, _ in theirs}:
            theirs.add((member.address_key, moment))
        _empty(session, member, moment)
    _keep(session, id, theirs)
    _expect_answers(session, id, moment)
    again = _again(session, id)
    former = addresses.former(session, id)
    asked = facts.erasure_requested(member, member.address_key, moment, former)
    publish(session, asked, about=again)
    return found


def erased(session: Session, since: datetime | None = None) -> Sequence[FormerAddress]:
    """Return the addresses, by their keys, of all who were erased, or were so since then."""
    gone = select(FormerAddress).join(Member).where(Member.state == MemberState.ERASED)
    if since:
        late = select(FormerAddress.member_id).where(FormerAddress.until >= since)
        gone = gone.where(FormerAddress.member_id.in_(late))
    return session.scalars(gone.order_by(FormerAddress.id)).all()


def forget_old_keys(session: Session) -> None:
    """Delete the keys of who was erased so long ago that no backup of the time may be put back."""
    gone = select(Member.id).where(Member.state == MemberState.ERASED)
    old = FormerAddress.until < now(session) - KEEP_KEYS
    session.execute(delete(FormerAddress).where(old, FormerAddress.member_id.in_(gone)))


def note_completed(session: Session, member_id: object, service: str) -> None:
    """Note that *service* has forgotten somebody; the first time counts."""
    asked = select(Erasure).where(Erasure.member_id == member_id, Erasure.service == service)
    erasure = session.scalar(asked.with_for_update())
    if erasure and erasure.completed_at is None:
        erasure.completed_at = now(session)


def _empty(session: Session, member: Member, moment: datetime) -> None:
    # Before all that was said of them is blanked: which groups they were in is nobody's business.
    groups.leave_all(session, member)
    erase_subject(session, str(member.id))
    for model in (AddressChange, ConsentStatement):
        session.execute(delete(model).where(model.member_id == member.id))
    blank_answers(member)
    member.email, member.pending, member.pending_since = "", None, None
    member.state, member.joined_at = MemberState.ERASED, None
    member.address_key = _key_of_nobody(member.id)  # whoever has the address may join anew
    member.link_generation += 1
    member.pending_generation += 1
    publish(session, MemberErased(erased_at=moment), about=member)


def _nobody(session: Session, id: UUID) -> Member:
    """Return a row as an erasure leaves it, of somebody who was not here yet in that backup."""
    member = Member(
        id=id,
        subject_version=0,
        address_key=_key_of_nobody(id),
        email="",
        state=MemberState.ERASED,
        link_generation=0,
        pending_generation=0,
    )
    session.add(member)
    session.flush()
    erase_subject(session, str(id))
    return member


def _key_of_nobody(id: UUID) -> str:
    return f"erased:{id}"


def _keep(session: Session, id: UUID, theirs: set[Held]) -> None:
    known = {(row.address_key, row.until) for row in addresses.former(session, id)}
    for address_key, until in sorted(theirs - known):
        session.add(FormerAddress(member_id=id, address_key=address_key, until=until))
    session.flush()


def _expect_answers(session: Session, id: UUID, moment: datetime) -> None:
    for service in ErasureRequested.consumers:
        asked = Erasure(member_id=id, service=service, requested_at=moment, completed_at=None)
        session.merge(asked)


def _again(session: Session, id: UUID) -> RepeatedErasure:
    known = select(RepeatedErasure).where(RepeatedErasure.member_id == id).with_for_update()
    again = session.scalar(known) or RepeatedErasure(member_id=id, subject_version=0)
    session.add(again)
    return again
