"""What notifications can be asked."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from notifications.models import Delivery, DeliveryState
from shared.db import database_now


def seconds_behind(session: Session) -> float:
    """Return for how long the mail that is due longest has been so; 0 when none is."""
    longest = session.scalar(
        select(Delivery.due_at)
        .where(Delivery.state == DeliveryState.DUE)
        .order_by(Delivery.due_at)
        .limit(1)
    )
    return max(0.0, (database_now(session) - longest).total_seconds()) if longest else 0.0


def count(session: Session, state: DeliveryState) -> int:
    """Return how many deliveries are in *state*."""
    return session.scalars(
        select(func.count()).select_from(Delivery).where(Delivery.state == state)
    ).one()
