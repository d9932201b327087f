"""Groups, and who belongs to them. Whoever needs both locks the group before the member."""

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from membership.members.models import Group, GroupMembership, Member, MemberState
from shared.contracts.membership import GroupJoined, GroupLeft
from shared.db import insert, now
from shared.messaging import publish
from shared.slugs import free_slug


class Known(Exception):
    """There is a group of this name already."""


class Closed(Exception):
    """The group is closed for good."""


class NotAMember(Exception):
    """Only a member can belong to a group."""


def start(session: Session, *, name: str, about: str) -> Group:
    """Return a new group; its code is made of its name. Raises Known, shared.slugs.NoSlug."""
    _check_name(session, name)
    code = free_slug(name, lambda code: group(session, code) is not None)
    values = {"id": uuid7(), "code": code, "name": name, "about": about}
    new: Group | None = session.scalar(
        insert(session, Group)
        .values(values)
        .on_conflict_do_nothing(index_elements=["code"])
        .returning(Group)
    )
    if new is None:  # somebody else was quicker
        raise Known(name)
    return new


def describe(session: Session, group: Group, *, name: str, about: str) -> None:
    """Call a locked *group* otherwise, or say otherwise what it is for. Raises Closed, Known."""
    if group.closed_at:
        raise Closed(group.code)
    _check_name(session, name, own=group)
    group.name, group.about = name, about


def close(session: Session, group: Group) -> None:
    """Close a locked *group* for good; its members leave it."""
    if group.closed_at:
        return
    group.closed_at = now(session)
    # In one order, so that of two groups closed at once neither waits for the other.
    members = (
        select(Member)
        .join(GroupMembership, GroupMembership.member_id == Member.id)
        .where(GroupMembership.group_id == group.id)
        .order_by(Member.id)
        .with_for_update(of=Member)
    )
    for member in session.scalars(members).all():
        leave(session, group, member)


def join(session: Session, group: Group, member: Member) -> bool:
    """Let the locked *member* belong to a locked *group*; return whether they did not before.

    Raises Closed, NotAMember.
    """
    if group.closed_at:
        raise Closed(group.code)
    if member.state != MemberState.JOINED:
        raise NotAMember(member.id)
    if session.get(GroupMembership, (group.id, member.id)):
        return False
    since = now(session)
    session.add(GroupMembership(group_id=group.id, member_id=member.id, since=since))
    publish(session, GroupJoined(group=group.code, joined_at=since), about=member)
    return True


def leave(session: Session, group: Group, member: Member) -> bool:
    """Let the locked *member* belong to *group* no longer; return whether they did before."""
    own = (GroupMembership.group_id == group.id, GroupMembership.member_id == member.id)
    gone = session.connection().execute(delete(GroupMembership).where(*own))
    if gone.rowcount:
        publish(session, GroupLeft(group=group.code, left_at=now(session)), about=member)
    return bool(gone.rowcount)


def leave_all(session: Session, member: Member) -> None:
    """Let the locked *member* belong to no group."""
    own = select(Group).join(GroupMembership, GroupMembership.group_id == Group.id)
    own = own.where(GroupMembership.member_id == member.id).order_by(Group.code)
    for group in session.scalars(own).all():
        leave(session, group, member)


def group(session: Session, code: str, *, lock: bool = False) -> Group | None:
    """Return the group with this code, locked for a change if asked."""
    found = select(Group).where(Group.code == code)
    return session.scalar(found.with_for_update() if lock else found)


def _check_name(session: Session, name: str, own: Group | None = None) -> None:
    same = select(Group.id).where(func.lower(Group.name) == func.lower(name))
    found = session.scalars(same.where(Group.closed_at.is_(None))).first()
    if found and (own is None or found != own.id):
        raise Known(name)
