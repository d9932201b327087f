"""Suppressing addresses, and lifting that again for a reason."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from notifications.models import Suppression, SuppressionReason
from notifications.recipients import recipient_of
from shared.contracts.notifications import AddressSuppressed
from shared.db import insert, now
from shared.messaging import publish

PAGE = 50
_LONGEST_EVIDENCE = 500  # characters


class NotHolding(Exception):
    """Only a suppression that holds can be lifted."""


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
    """Let the address be written to again, as far as this locked suppression goes; keep why.

    Raises NotHolding.
    """
    if suppression.lifted_at:
        raise NotHolding(str(suppression.id))
    suppression.lifted_at, suppression.lifted_because = now(session), because


def newest(
    session: Session, reason: SuppressionReason | None, *, is_lifted: bool, page: int
) -> Sequence[Suppression]:
    """Return a page of those that hold, or were lifted, the newest first, and one more if any."""
    wanted = select(Suppression).where(_lifted(is_lifted))
    if reason:
        wanted = wanted.where(Suppression.reason == reason)
    return session.scalars(_newest_first(wanted).offset((page - 1) * PAGE)).all()


def addressed(session: Session, part: str) -> Sequence[Suppression]:
    """Return the first page of those with *part* in their address, lifted or not."""
    found = func.lower(Suppression.address).contains(part.lower(), autoescape=True)
    return session.scalars(_newest_first(select(Suppression).where(found))).all()


def every(session: Session, address_key: str) -> Sequence[Suppression]:
    """Return what barred an address, lifted or not, the newest first."""
    of_it = select(Suppression).where(Suppression.address_key == address_key)
    return session.scalars(_newest_first(of_it)).all()


def counts(session: Session) -> Counter[SuppressionReason]:
    """Return how many hold for which reason."""
    counted = select(Suppression.reason, func.count()).where(_lifted(False))
    rows = session.execute(counted.group_by(Suppression.reason))
    return Counter({SuppressionReason(reason): many for reason, many in rows})


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


def _lifted(is_lifted: bool) -> ColumnElement[bool]:
    return Suppression.lifted_at.is_not(None) if is_lifted else Suppression.lifted_at.is_(None)


def _newest_first(wanted: Select[Suppression]) -> Select[Suppression]:
    return wanted.order_by(Suppression.id.desc()).limit(PAGE + 1)
