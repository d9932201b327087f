"""What members agree to: statements with their words, of which the newest of each purpose holds."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from membership.members import facts
from membership.members.models import ConsentStatement, Member
from membership.members.wordings import WORDINGS, ConsentPurpose, Wording
from shared.contracts.membership import SharingGranted, SharingWithdrawn
from shared.db import now
from shared.messaging import publish


def statements(session: Session, member_id: UUID) -> Sequence[ConsentStatement]:
    """Return all that a member has said, the oldest first."""
    return session.scalars(
        select(ConsentStatement)
        .where(ConsentStatement.member_id == member_id)
        .order_by(ConsentStatement.id)
    ).all()


def standing(session: Session, member_id: UUID) -> Mapping[str, ConsentStatement]:
    """Return the newest statement of each purpose that the member has spoken of."""
    return {said.purpose: said for said in statements(session, member_id)}


def given(session: Session, member_id: UUID, purpose: ConsentPurpose) -> bool:
    """Return whether a member agrees to *purpose*."""
    said = standing(session, member_id).get(purpose)
    return said is not None and said.given


def give(
    session: Session, member: Member, purpose: ConsentPurpose, *, shown: Wording, how: str
) -> None:
    """Note that a locked *member* agrees to the words *shown*, unless they do already."""
    if not given(session, member.id, purpose):
        _tell(session, member, _state(session, member, purpose, shown, given=True, how=how))


def withdraw(
    session: Session, member: Member, purpose: ConsentPurpose, *, how: str, tell: bool = True
) -> None:
    """Note that a locked *member* no longer agrees, unless they do not anyway.

    Without *tell* nobody is told: it is from them that we know it.
    """
    if not given(session, member.id, purpose):
        return
    said = _state(session, member, purpose, WORDINGS[purpose], given=False, how=how)
    if tell:
        _tell(session, member, said)


def _state(
    session: Session,
    member: Member,
    purpose: ConsentPurpose,
    shown: Wording,
    *,
    given: bool,
    how: str,
) -> ConsentStatement:
    said = ConsentStatement(
        member_id=member.id,
        purpose=purpose,
        wording_version=shown.version,
        wording=shown.text,
        given=given,
        how=how,
        stated_at=now(session),
    )
    session.add(said)
    session.flush()
    return said


def _tell(session: Session, member: Member, said: ConsentStatement) -> None:
    """Publish what others act by: who may be mailed, and of whom they may be told."""
    if said.purpose == ConsentPurpose.INVITATIONS:
        stated = facts.invitations_stated(
            member, wording=said.wording, given=said.given, stated_at=said.stated_at
        )
        publish(session, stated, about=member)
    elif said.purpose == ConsentPurpose.SHARING:
        shared = SharingGranted if said.given else SharingWithdrawn
        publish(session, shared(stated_at=said.stated_at), about=member)
