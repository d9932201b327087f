"""What notifications can be asked."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from notifications.models import Delivery, DeliveryState, Template
from shared.db import database_now, now


def seconds_behind(session: Session) -> float:
    """Return for how long the mail that is due longest has been so; 0 when none is."""
    return _age(session, Delivery.due_at, DeliveryState.DUE)


def seconds_unknown(session: Session) -> float:
    """Return for how long the mail that is unknown longest has been so; 0 when none is."""
    return _age(session, Delivery.ended_at, DeliveryState.UNKNOWN)


def _age(session: Session, since: Any, state: DeliveryState) -> float:
    """Return the seconds since the first moment of *since* in *state*; 0 when none is in it."""
    first = session.scalar(select(since).where(Delivery.state == state).order_by(since).limit(1))
    return max(0.0, (database_now(session) - first).total_seconds()) if first else 0.0


def count(session: Session, state: DeliveryState) -> int:
    """Return how many deliveries are in *state*."""
    return session.scalars(
        select(func.count()).select_from(Delivery).where(Delivery.state == state)
    ).one()


def in_state(session: Session, state: DeliveryState, *, most: int) -> Sequence[Delivery]:
    """Return deliveries in *state*, the newest first, *most* of them at most."""
    return session.scalars(
        select(Delivery).where(Delivery.state == state).order_by(Delivery.id.desc()).limit(most)
    ).all()


def sent_lately(session: Session, address_key: str, template: Template, within: timedelta) -> int:
    """Return how many mails of this kind were made for the address *within* the last time."""
    return session.scalars(
        select(func.count())
        .select_from(Delivery)
        .where(Delivery.address_key == address_key, Delivery.template == template)
        .where(Delivery.created_at > now(session) - within)
    ).one()
