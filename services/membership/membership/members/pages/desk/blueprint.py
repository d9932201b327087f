"""What all pages of members for staff have in common: where they are, and who is meant."""

from uuid import UUID

from flask import Blueprint, abort
from sqlalchemy.orm import Session

from membership.members import groups, roll
from membership.members.models import Group, Member
from shared.staff import record
from shared.web.staff import current_staff

desk = Blueprint("members_desk", __name__, url_prefix="/staff/members")


def member_of(database: Session, id: UUID, *, lock: bool = False) -> Member:
    """Return the member, locked for a change if asked; an unknown one is a page not found."""
    return roll.seen(database, id, lock=lock) or abort(404)


def group_of(database: Session, code: str, *, lock: bool = False) -> Group:
    """Return the group, locked for a change if asked; an unknown one is a page not found."""
    return groups.group(database, code, lock=lock) or abort(404)


def note(database: Session, action: str, about: str) -> None:
    """Record in the audit trail what is done to what."""
    record(database, current_staff(), action=action, about=about)
