"""Who may be mailed for a purpose: the newest statement that counts decides."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from notifications.models import PermissionStatement, Purpose


def permitted(session: Session, address_keys: Collection[str], purpose: Purpose) -> set[str]:
    """Return those of *address_keys* that may be mailed for *purpose*.

    A withdrawal counts whoever states it; permission counts once the address itself has given it,
    by a button behind a link from our mail. Of two at the same instant the withdrawal wins.
    """
    counting = session.scalars(
        select(PermissionStatement)
        .where(PermissionStatement.address_key.in_(address_keys))
        .where(PermissionStatement.purpose == purpose)
        .where(or_(PermissionStatement.given.is_(False), PermissionStatement.proven))
    ).all()
    newest = {statement.address_key: statement for statement in sorted(counting, key=_weight)}
    return {key for key, statement in newest.items() if statement.given}


def _weight(statement: PermissionStatement) -> tuple[datetime, bool]:
    return statement.stated_at, not statement.given
