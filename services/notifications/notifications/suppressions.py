"""Suppressing addresses, and lifting that again for a reason."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from notifications.models import Suppression, SuppressionReason
from notifications.recipients import recipient_of
from shared.contracts.notifications import AddressSuppressed
from shared.db import insert, now
from shared.messaging import publish

_LONGEST_EVIDENCE = 500  # characters


def suppress(
    session: Session,
    address_key: str,
    reason: SuppressionReason,
    *,
    evidence: str,
    address: str | None = None,
) -> None:
    """Write to the address no more, unless that is so already for the same reason."""
    recipient = recipient_of(session, address_key)
    moment = now(session)
    new = session.scalar(
        insert(session, Suppression)
        .values(
            id=uuid7(),
            address_key=address_key,
            address=address,
            reason=reason,
            evidence=evidence[:_LONGEST_EVIDENCE],
            suppressed_at=moment,
        )
        .on_conflict_do_nothing()
        .returning(Suppression.id)
    )
    if new:
        stated = AddressSuppressed(address_key=address_key, reason=reason, suppressed_at=moment)
        publish(session, stated, about=recipient)


def lift(session: Session, suppression: Suppression, *, because: str) -> None:
    """Let the address be written to again, as far as this suppression goes; keep why."""
    suppression.lifted_at, suppression.lifted_because = now(session), because


def active(session: Session, *, most: int) -> Sequence[Suppression]:
    """Return the suppressions that hold, the newest first, *most* of them at most."""
    holding = select(Suppression).where(Suppression.lifted_at.is_(None))
    return session.scalars(holding.order_by(Suppression.suppressed_at.desc()).limit(most)).all()


def holding(
    session: Session, address_key: str, reason: SuppressionReason | None = None
) -> Sequence[Suppression]:
    """Return what holds for an address, locked: for every reason, or for *reason* alone."""
    found = select(Suppression).where(
        Suppression.address_key == address_key, Suppression.lifted_at.is_(None)
    )
    if reason:
        found = found.where(Suppression.reason == reason)
    return session.scalars(found.with_for_update()).all()
