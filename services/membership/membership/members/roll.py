"""Who is a member, as staff look for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, selectinload

from membership.members.models import (
    Choice,
    ChoiceKind,
    Group,
    GroupMembership,
    Member,
    MemberState,
    member_choice,
)

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Whom staff want to see: by the codes of where they live and of a group, where stated."""

    state: MemberState = MemberState.JOINED
    locality: str = ""
    group: str = ""


def count(session: Session, wanted: Wanted) -> int:
    """Return how many are *wanted*."""
    return session.scalars(
        select(func.count()).select_from(Member).where(*_conditions(wanted))
    ).one()


def newest(session: Session, wanted: Wanted, page: int) -> Sequence[Member]:
    """Return a page of who is *wanted*, who joined last first."""
    return session.scalars(_ordered(wanted).offset((page - 1) * PAGE).limit(PAGE)).all()


def every(session: Session, wanted: Wanted) -> Sequence[Member]:
    """Return all who are *wanted*, who joined last first."""
    return session.scalars(_ordered(wanted)).all()


def named(session: Session, words: str) -> Sequence[Member]:
    """Return who is or was a member and has *words* in their name or address; a page at most."""
    known = _members().where(Member.state.in_((MemberState.JOINED, MemberState.LEFT)))
    found = or_(
        func.lower(Member.name).contains(words.lower(), autoescape=True),
        func.lower(Member.email).contains(words.lower(), autoescape=True),
    )
    return session.scalars(known.where(found).order_by(Member.name).limit(PAGE)).all()


def seen(session: Session, id: UUID, *, lock: bool = False) -> Member | None:
    """Return the one who is or was a member; nobody who has not proven their address."""
    known = _members().where(Member.state.in_((MemberState.JOINED, MemberState.LEFT)))
    found = known.where(Member.id == id)
    return session.scalar(found.with_for_update() if lock else found)


def by_choice(session: Session) -> Mapping[UUID, int]:
    """Return how many members chose each thing, by its id; nothing of those nobody chose."""
    counted = (
        select(member_choice.c.choice_id, func.count())
        .join(Member, member_choice.c.member_id == Member.id)
        .where(Member.state == MemberState.JOINED)
        .group_by(member_choice.c.choice_id)
    )
    return {id: number for id, number in session.execute(counted)}


def by_locality(session: Session) -> Sequence[tuple[str, int]]:
    """Return how many members live where, most first."""
    numbers = by_choice(session)
    counted = [(row.label, numbers[row.id]) for row in localities(session) if row.id in numbers]
    return sorted(counted, key=lambda pair: (-pair[1], pair[0]))


def localities(session: Session) -> Sequence[Choice]:
    """Return where people may say that they live, or once might, in order."""
    places = select(Choice).where(Choice.kind == ChoiceKind.LOCALITY)
    return session.scalars(places.order_by(Choice.position)).all()


def _ordered(wanted: Wanted) -> Select[Member]:
    found = _members().where(*_conditions(wanted))
    return found.order_by(Member.joined_at.desc(), Member.id)


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Member.state == wanted.state]
    if wanted.locality:
        kind = Choice.kind == ChoiceKind.LOCALITY
        conditions.append(Member.choices.any(kind & (Choice.code == wanted.locality)))
    if wanted.group:
        of_group = GroupMembership.group.has(Group.code == wanted.group)
        conditions.append(Member.memberships.any(of_group))
    return conditions


def _members() -> Select[Member]:
    return select(Member).options(selectinload(Member.choices), selectinload(Member.memberships))
