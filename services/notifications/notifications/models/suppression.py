"""Addresses that must not be written to."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from notifications.models.base import Base, where
from shared.db import UtcDateTime


class SuppressionReason(StrEnum):
    """Why an address must not be written to."""

    HARD_BOUNCE = "hard_bounce"  # it does not exist
    SOFT_BOUNCES = "soft_bounces"  # it takes nothing, again and again
    COMPLAINT = "complaint"  # our mail was reported as unwanted
    UNSUBSCRIBED = "unsubscribed"  # everything was turned off


# Who has turned everything off may still register, and then awaits an answer.
BARS_INVITATIONS_ONLY = (SuppressionReason.UNSUBSCRIBED,)


class Suppression(Base):
    """An address not to be written to, why, and on what evidence; until somebody lifts it.

    Keeps the plain address, for staff, until the person is erased.
    """

    __tablename__ = "suppression"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    address_key: Mapped[str] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[SuppressionReason] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(Text)
    suppressed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lifted_because: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        Index(
            "ix_suppression_active",
            "address_key",
            "reason",
            unique=True,
            **where("lifted_at is null"),
        ),
    )
