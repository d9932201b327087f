"""Which groups there are, and who belongs to them, as staff look for it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from membership.members.models import Group, GroupMembership, Member


def open_groups(session: Session) -> Sequence[Group]:
    """Return the groups that members can join, by name."""
    return _by_name(session, closed=False)


def closed_groups(session: Session) -> Sequence[Group]:
    """Return the groups that are closed, by name."""
    return _by_name(session, closed=True)


def sizes(session: Session) -> Mapping[UUID, int]:
    """Return how many belong to each group, by its id; nothing of those without anybody."""
    counted = select(GroupMembership.group_id, func.count()).group_by(GroupMembership.group_id)
    return {id: number for id, number in session.execute(counted)}


def roster(session: Session, group: Group) -> Sequence[tuple[Member, GroupMembership]]:
    """Return who belongs to *group* and since when, by name."""
    belonging = (
        select(Member, GroupMembership)
        .join(GroupMembership, GroupMembership.member_id == Member.id)
        .where(GroupMembership.group_id == group.id)
        .order_by(func.lower(Member.name), Member.id)
    )
    return [(member, membership) for member, membership in session.execute(belonging)]


def _by_name(session: Session, *, closed: bool) -> Sequence[Group]:
    wanted = Group.closed_at.is_not(None) if closed else Group.closed_at.is_(None)
    return session.scalars(select(Group).where(wanted).order_by(func.lower(Group.name))).all()
