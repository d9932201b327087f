"""Deliveries, how registrations stand, and what people said they may be mailed about."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from uuid_utils.compat import uuid7

from shared.db import UtcDateTime
from shared.db import metadata as new_metadata
from shared.messaging.models import Json


class Base(DeclarativeBase):
    """Base of notifications' own tables."""

    metadata = new_metadata()


class DeliveryState(StrEnum):
    """How far a mail has come."""

    DUE = "due"
    SENDING = "sending"  # claimed by a sender, until a deadline
    ACCEPTED = "accepted"  # the provider has it
    REJECTED = "rejected"  # it will never have it, for the reason stated
    UNKNOWN = "unknown"  # it may have it: never sent again by itself
    SKIPPED = "skipped"  # nobody should have it any more


class Lane(StrEnum):
    """What waits for what: a lane is sent in order, beside the others."""

    SERVICE = "service"  # what somebody is waiting for, because of what they did


class Template(StrEnum):
    """Which words a mail has: the name of its files in `templates/mails`."""

    CONFIRMED = "registration_confirmed"
    WAITLISTED = "registration_waitlisted"
    WITHDRAWN = "registration_withdrawn"
    LINK = "registration_link"


class RegistrationState(StrEnum):
    """How a person stands with a webinar."""

    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    WITHDRAWN = "withdrawn"


class Standing(Base):
    """How a registration stands by the newest event that told it: overtaken mails are not sent."""

    __tablename__ = "standing"

    registration_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int]
    state: Mapped[RegistrationState] = mapped_column(Text)
    webinar_id: Mapped[UUID] = mapped_column(Uuid)
    address_key: Mapped[str] = mapped_column(Text)
    link_generation: Mapped[int]


def _where(condition: str) -> dict[str, Any]:
    """Return what makes an index hold only the rows that satisfy *condition*."""
    return {"postgresql_where": text(condition), "sqlite_where": text(condition)}


class Delivery(Base):
    """One mail to one person. Its id is how a provider's reports will refer to it.

    An event makes one delivery a template and address, however often it comes.
    """

    __tablename__ = "delivery"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    event_id: Mapped[UUID] = mapped_column(Uuid)
    template: Mapped[Template] = mapped_column(Text)
    lane: Mapped[Lane] = mapped_column(Text)
    subject: Mapped[UUID] = mapped_column(Uuid)
    subject_version: Mapped[int]
    address_key: Mapped[str] = mapped_column(Text)
    # What only the writing needs; blanked when it has served.
    address: Mapped[str | None] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(Text)
    context: Mapped[dict[str, Any] | None] = mapped_column(Json)
    state: Mapped[DeliveryState] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    claimed_by: Mapped[UUID | None] = mapped_column(Uuid)
    claim_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("event_id", "template", "address_key"),
        Index("ix_delivery_due", "lane", "due_at", "id", **_where("state = 'due'")),
        Index("ix_delivery_sending", "claim_until", **_where("state = 'sending'")),
        Index("ix_delivery_failed", "state", **_where("state in ('rejected', 'unknown')")),
        Index("ix_delivery_unblanked", "ended_at", **_where("address is not null")),
    )

    def is_overtaken_by(self, standing: Standing) -> bool:
        """Return whether this mail says, of its registration, what is no longer so."""
        if standing.version <= self.subject_version:
            return False
        if self.template == Template.LINK and self.context:
            # Any later state leaves the link good, but for one that ends it.
            revoked = standing.link_generation > self.context["link_generation"]
            return revoked or standing.state == RegistrationState.WITHDRAWN
        return True

    def claim(self, sender: UUID, *, until: datetime) -> None:
        """Note that *sender* may now hand it over, and that no other may before *until*."""
        self.state, self.claimed_by, self.claim_until = DeliveryState.SENDING, sender, until
        self.attempts += 1

    def postpone(self, until: datetime) -> None:
        """Let go of the claim; it is due again at *until*."""
        self.state, self.due_at = DeliveryState.DUE, until
        self.claimed_by = self.claim_until = None

    def end(self, state: DeliveryState, moment: datetime, *, reason: str | None = None) -> None:
        """Note that no sender will take it up again, and why."""
        self.state, self.reason, self.ended_at = state, reason, moment
        self.claimed_by = self.claim_until = None


class PermissionStatement(Base):
    """What somebody said, once, about being mailed for a purpose. Never changed, never deleted."""

    __tablename__ = "permission_statement"

    event_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    source: Mapped[str] = mapped_column(Text)
    address_key: Mapped[str] = mapped_column(Text, index=True)
    purpose: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(Text)
    wording: Mapped[str] = mapped_column(Text)
    given: Mapped[bool]
    stated_at: Mapped[datetime] = mapped_column(UtcDateTime)
