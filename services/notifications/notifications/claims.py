"""Claims: a delivery is held by one sender at a time, by what is committed before each call."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from notifications.models import Delivery, DeliveryState, Lane
from shared.db import among

NEVER_REPORTED = "its sender never reported"
# Longer than any call of a mailer may take: whoever is still sending then has died, or hangs.
CLAIM = timedelta(minutes=2)


def claim(
    session: Session, lane: Lane, sender: UUID, moment: datetime, *, most: int
) -> Sequence[Delivery]:
    """Return what is due in *lane*, the longest due first, now held by *sender*."""
    due = (
        select(Delivery.id)
        .where(Delivery.state == DeliveryState.DUE, Delivery.lane == lane)
        .where(Delivery.due_at <= moment)
        .order_by(Delivery.due_at, Delivery.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    taken = session.scalars(
        update(Delivery)
        .where(among(session, Delivery.id, session.scalars(due).all()))
        .values(state=DeliveryState.SENDING, claimed_by=sender, claim_until=moment + CLAIM)
        .values(attempts=Delivery.attempts + 1)
        .returning(Delivery)
    )
    return sorted(taken, key=lambda delivery: (delivery.due_at, delivery.id))


def end(
    session: Session,
    sender: UUID,
    ids: Collection[UUID],
    moment: datetime,
    *,
    state: DeliveryState,
    reason: str | None = None,
) -> None:
    """Note that no sender will take *ids* up again; not what *sender* no longer holds."""
    held = among(session, Delivery.id, ids) & (Delivery.claimed_by == sender)
    _let_go(session, held, state=state, reason=reason, ended_at=moment)


def postpone(session: Session, sender: UUID, id: UUID, until: datetime) -> None:
    """Make *id* due again at *until*; not what *sender* no longer holds."""
    held = (Delivery.id == id) & (Delivery.claimed_by == sender)
    _let_go(session, held, state=DeliveryState.DUE, due_at=until)


def overdue(moment: datetime) -> Select[UUID]:
    """Return what selects the claims whose sender never reported in time."""
    return every().where(Delivery.claim_until < moment)


def every() -> Select[UUID]:
    """Return what selects all claims, for a process that knows it is the only one."""
    sending = select(Delivery.id).where(Delivery.state == DeliveryState.SENDING)
    return sending.order_by(Delivery.claim_until).with_for_update(skip_locked=True)


def release(
    session: Session, claims: Select[UUID], moment: datetime, *, redo: bool
) -> Sequence[UUID]:
    """Let go of *claims*; return those of which nobody can tell whether they were sent.

    Where to *redo* them does no harm they are due again, and none is unknown.
    """
    ids = session.scalars(claims).all()
    if redo:
        _let_go(session, among(session, Delivery.id, ids), state=DeliveryState.DUE, due_at=moment)
        return ()
    unknown = {"state": DeliveryState.UNKNOWN, "reason": NEVER_REPORTED}
    _let_go(session, among(session, Delivery.id, ids), ended_at=moment, **unknown)
    return ids


def _let_go(session: Session, held: Any, **values: object) -> None:
    free = {"claimed_by": None, "claim_until": None}
    statement = update(Delivery).where(held, Delivery.state == DeliveryState.SENDING)
    session.execute(statement.values(values | free).execution_options(synchronize_session=False))
