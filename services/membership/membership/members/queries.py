"""What can be asked of members."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from membership.members.consents import statements
from membership.members.models import AddressChange, Choice, ChoiceKind, Erasure, Member

Offered = Mapping[ChoiceKind, Sequence[Choice]]


def offered(session: Session) -> Offered:
    """Return what people may choose from, of each kind, in order."""
    current = select(Choice).where(Choice.retired_at.is_(None)).order_by(Choice.position)
    choices = session.scalars(current).all()
    return {kind: [choice for choice in choices if choice.kind == kind] for kind in ChoiceKind}


def every_choice(session: Session) -> Sequence[Choice]:
    """Return all that people could ever choose, retired ones included, in order."""
    return session.scalars(select(Choice).order_by(Choice.position)).all()


def member(session: Session, id: UUID, *, lock: bool = False) -> Member | None:
    """Return the member with this id, locked for a change if asked."""
    return session.get(Member, id, with_for_update=lock or None)


def everything(session: Session, member: Member) -> dict[str, Any]:
    """Return all that membership holds of *member*, as JSON values."""
    told = ("name", "email", "reach", "phone", "post", "access_needs", "state")
    change = session.get(AddressChange, member.id)
    return {name: getattr(member, name) for name in told} | {
        "new_email": change.email if change else None,
        "joined_at": _instant(member.joined_at),
        "chosen": {
            kind.value: [choice.label for choice in member.chosen(kind)] for kind in ChoiceKind
        },
        "groups": [
            {
                "name": membership.group.name,
                "about": membership.group.about,
                "since": _instant(membership.since),
            }
            for membership in member.memberships
        ],
        "consents": [
            {
                "purpose": said.purpose,
                "wording": said.wording,
                "wording_version": said.wording_version,
                "given": said.given,
                "how": said.how,
                "stated_at": _instant(said.stated_at),
            }
            for said in statements(session, member.id)
        ],
    }


def unfinished_erasures(session: Session) -> Sequence[Erasure]:
    """Return which services have not said yet that they have forgotten whom, the oldest first."""
    waiting = select(Erasure).where(Erasure.completed_at.is_(None))
    return session.scalars(waiting.order_by(Erasure.requested_at)).all()


def _instant(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
