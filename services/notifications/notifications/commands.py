"""What notifications can be told to do with deliveries."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from notifications.models import TO_MANY, Delivery, DeliveryState, Lane, Template
from shared.db import database_now, insert, now


class NotUnknown(Exception):
    """Only of a delivery in state unknown can it be said that it is to be sent again."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """A mail to be sent: because of which event, to whom, about whom, made of what."""

    event_id: UUID
    template: Template
    subject: UUID
    subject_version: int
    address_key: str
    address: str = field(repr=False)
    name: str = field(repr=False, default="")
    context: dict[str, Any] = field(repr=False)


def make_due(session: Session, order: Order) -> None:
    """Make the mail due, unless the same event has made it already."""
    lane = Lane.BULK if order.template in TO_MANY else Lane.SERVICE
    session.execute(
        insert(session, Delivery)
        .values(
            id=uuid7(),
            lane=lane,
            state=DeliveryState.DUE,
            created_at=now(session),
            due_at=database_now(session),
            **vars(order),
        )
        .on_conflict_do_nothing(index_elements=["event_id", "template", "address_key"])
    )


def send_again(session: Session, id: UUID) -> None:
    """Make a delivery due of which nobody can tell whether it was sent: it may arrive twice.

    Raises NotUnknown.
    """
    delivery = session.scalar(select(Delivery).where(Delivery.id == id).with_for_update())
    if delivery is None or delivery.state != DeliveryState.UNKNOWN or delivery.address is None:
        raise NotUnknown(str(id))
    delivery.state, delivery.reason, delivery.ended_at = DeliveryState.DUE, None, None
    delivery.due_at = database_now(session)
