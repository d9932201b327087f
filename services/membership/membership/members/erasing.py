"""Forgetting somebody: here at once, and in the other services by an event that each answers."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from membership.members import addresses, facts
from membership.members.commands import blank_answers
from membership.members.models import (
    AddressChange,
    ConsentStatement,
    Erasure,
    FormerAddress,
    Member,
    MemberState,
)
from shared.contracts.membership import ErasureRequested, MemberErased
from shared.db import now
from shared.messaging import publish
from shared.messaging.forgetting import erase as erase_subject


def erase(session: Session, member: Member) -> None:
    """Delete all that is held of the locked *member*, and have the other services do the same.

    The row stays, empty, for the sake of its id: by it each service says that it has done so.
    """
    if member.state == MemberState.ERASED:
        return
    moment, address_key = now(session), member.address_key
    former = addresses.former(session, member.id)
    session.add(FormerAddress(member_id=member.id, address_key=address_key, until=moment))
    erase_subject(session, str(member.id))
    for model in (AddressChange, ConsentStatement):
        session.execute(delete(model).where(model.member_id == member.id))
    blank_answers(member)
    member.email, member.pending, member.pending_since = "", None, None
    member.state, member.joined_at = MemberState.ERASED, None
    member.address_key = f"erased:{member.id}"  # whoever has the address may join anew
    member.link_generation += 1
    member.pending_generation += 1
    for service in ErasureRequested.consumers:
        session.add(Erasure(member_id=member.id, service=service, requested_at=moment))
    publish(session, MemberErased(erased_at=moment), about=member)
    publish(session, facts.erasure_requested(member, address_key, moment, former), about=member)


def note_completed(session: Session, member_id: object, service: str) -> None:
    """Note that *service* has forgotten somebody; the first time counts."""
    asked = select(Erasure).where(Erasure.member_id == member_id, Erasure.service == service)
    erasure = session.scalar(asked.with_for_update())
    if erasure and erasure.completed_at is None:
        erasure.completed_at = now(session)
