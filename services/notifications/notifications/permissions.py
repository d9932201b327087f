"""Who may be mailed for a purpose: the newest statement that counts decides.

And what people say of it themselves, behind a link from our mail.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from notifications.models import PermissionStatement, Purpose, Recipient, SuppressionReason
from notifications.suppressions import holding, lift
from shared.contracts.notifications import PermissionWithdrawn
from shared.db import among, now
from shared.messaging import publish

_OWN_LINK = "own link"  # the source of what people say on their own page


def permitted(session: Session, address_keys: Collection[str], purpose: Purpose) -> set[str]:
    """Return those of *address_keys* that may be mailed for *purpose*.

    A withdrawal counts whoever states it; permission counts once the address itself has given it,
    by a button behind a link from our mail. Of two at the same instant the withdrawal wins.
    """
    said = PermissionStatement
    counting = session.execute(
        select(said.address_key, said.given, said.stated_at)
        .where(among(session, said.address_key, address_keys), said.purpose == purpose)
        .where(or_(said.given.is_(False), said.proven))
    ).all()
    newest = {statement.address_key: statement for statement in sorted(counting, key=_weight)}
    return {key for key, statement in newest.items() if statement.given}


def give(session: Session, recipient: Recipient, purpose: Purpose, *, wording: str) -> None:
    """Note that the person at a locked *recipient* wants to be mailed, in these words.

    What they had turned off themselves is on again.
    """
    for own in holding(session, recipient.address_key, SuppressionReason.UNSUBSCRIBED):
        lift(session, own, because="the person asked for mail again")
    if recipient.address_key not in permitted(session, [recipient.address_key], purpose):
        _state(session, recipient, purpose, given=True, wording=wording, stated_at=now(session))


def withdraw(
    session: Session,
    recipient: Recipient,
    purpose: Purpose,
    *,
    wording: str,
    stated_at: datetime | None = None,
) -> None:
    """Note that the person at a locked *recipient* no longer wants to be mailed, at once.

    Said at an earlier moment, it does not end what was permitted later.
    """
    if _has_withdrawn(session, recipient, purpose):
        return
    moment = stated_at or now(session)
    _state(session, recipient, purpose, given=False, wording=wording, stated_at=moment)
    stated = PermissionWithdrawn(
        address_key=recipient.address_key, purpose=purpose, stated_at=moment
    )
    publish(session, stated, about=recipient)


def _has_withdrawn(session: Session, recipient: Recipient, purpose: Purpose) -> bool:
    """Return whether a withdrawal is the newest of all statements, unproven ones included."""
    newest = session.scalars(_said(recipient.address_key, purpose)).all()
    return bool(newest) and not max(newest, key=_weight).given


def _state(
    session: Session,
    recipient: Recipient,
    purpose: Purpose,
    *,
    given: bool,
    wording: str,
    stated_at: datetime,
) -> None:
    session.add(
        PermissionStatement(
            event_id=uuid7(),
            source=_OWN_LINK,
            address_key=recipient.address_key,
            purpose=purpose,
            basis="consent",
            wording=wording,
            given=given,
            proven=True,
            stated_at=stated_at,
        )
    )
    session.flush()


def _said(address_key: str, purpose: Purpose) -> Select[PermissionStatement]:
    return select(PermissionStatement).where(
        PermissionStatement.address_key == address_key, PermissionStatement.purpose == purpose
    )


def _weight(statement: Any) -> tuple[datetime, bool]:
    return statement.stated_at, not statement.given
