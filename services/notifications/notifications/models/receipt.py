"""Receipts: what the provider reports of deliveries, kept before anything is concluded."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from notifications.models.base import Base, where
from shared.db import UtcDateTime
from shared.messaging.models import Counter, Json


class ReceiptKind(StrEnum):
    """What a receipt says has happened to the mail."""

    ACCEPTED = "accepted"  # the provider has it
    DEFERRED = "deferred"  # the person's own provider does not take it yet
    DELIVERED = "delivered"  # it has
    SOFT_BOUNCE = "soft_bounce"  # it refuses this mail
    HARD_BOUNCE = "hard_bounce"  # it knows no such address
    DROPPED = "dropped"  # our provider would not send it
    COMPLAINT = "complaint"  # the person reported it as unwanted
    UNSUBSCRIBED = "unsubscribed"  # the person turned mail off at the provider
    TRACKING = "tracking"  # the person was watched reading it: never wanted
    OTHER = "other"


class ReceiptState(StrEnum):
    """How far a receipt has come."""

    NEW = "new"
    DONE = "done"
    DEAD = "dead"  # it cannot be read, or no delivery of ours is meant


class Receipt(Base):
    """One report. The provider repeats itself, at times under another id: hence two keys."""

    __tablename__ = "receipt"

    id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=True)
    event_key: Mapped[str] = mapped_column(Text, unique=True)
    second_key: Mapped[str] = mapped_column(Text, unique=True)
    kind: Mapped[str] = mapped_column(Text)
    delivery_id: Mapped[UUID | None] = mapped_column(Uuid)
    address_key: Mapped[str | None] = mapped_column(Text)
    # As it came, address and all; blanked when it has served.
    body: Mapped[Any | None] = mapped_column(Json)
    happened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[ReceiptState] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        Index("ix_receipt_waiting", "due_at", "id", **where("state = 'new'")),
        Index("ix_receipt_delivery", "delivery_id"),
        Index("ix_receipt_bounces", "address_key", "happened_at", **where("kind = 'soft_bounce'")),
        Index("ix_receipt_unblanked", "ended_at", **where("body is not null")),
    )
