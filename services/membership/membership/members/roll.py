"""Who is a member, as staff look for them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, selectinload

from membership.members.models import Choice, ChoiceKind, Member, MemberState, member_choice

PAGE = 50


def count(session: Session) -> int:
    """Return how many are members now."""
    joined = select(func.count()).select_from(Member).where(Member.state == MemberState.JOINED)
    return session.scalars(joined).one()


def newest(session: Session, page: int) -> Sequence[Member]:
    """Return a page of the members, who joined last first, and one more where others follow."""
    joined = _members().where(Member.state == MemberState.JOINED)
    ordered = joined.order_by(Member.joined_at.desc(), Member.id)
    return session.scalars(ordered.offset((page - 1) * PAGE).limit(PAGE + 1)).all()


def named(session: Session, words: str) -> Sequence[Member]:
    """Return who is or was a member and has *words* in their name or address; a page at most."""
    known = _members().where(Member.state.in_((MemberState.JOINED, MemberState.LEFT)))
    found = or_(
        func.lower(Member.name).contains(words.lower(), autoescape=True),
        func.lower(Member.email).contains(words.lower(), autoescape=True),
    )
    return session.scalars(known.where(found).order_by(Member.name).limit(PAGE)).all()


def seen(session: Session, id: UUID) -> Member | None:
    """Return the one who is or was a member; nobody who has not proven their address."""
    known = _members().where(Member.state.in_((MemberState.JOINED, MemberState.LEFT)))
    return session.scalar(known.where(Member.id == id))


def by_locality(session: Session) -> Sequence[tuple[str, int]]:
    """Return how many members live where, most first."""
    number = func.count()
    counted = (
        select(Choice.label, number)
        .join(member_choice, member_choice.c.choice_id == Choice.id)
        .join(Member, member_choice.c.member_id == Member.id)
        .where(Choice.kind == ChoiceKind.LOCALITY, Member.state == MemberState.JOINED)
        .group_by(Choice.label)
        .order_by(number.desc(), Choice.label)
    )
    return [(label, many) for label, many in session.execute(counted)]


def _members() -> Select[Member]:
    return select(Member).options(selectinload(Member.choices))
