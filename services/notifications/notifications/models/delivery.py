"""Deliveries: one mail to one person, and how far it has come."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from notifications.models.base import Base, where
from notifications.models.standing import ENDED, Standing
from shared.db import UtcDateTime
from shared.messaging.models import Json


class DeliveryState(StrEnum):
    """How far a mail has come."""

    DUE = "due"
    SENDING = "sending"  # claimed by a sender, until a deadline
    ACCEPTED = "accepted"  # the provider has it
    DELIVERED = "delivered"  # the person's own provider has it, by a receipt
    BOUNCED = "bounced"  # the person's own provider refused it, by a receipt
    DROPPED = "dropped"  # our provider had it, but would not pass it on, by a receipt
    REJECTED = "rejected"  # our provider will never have it, for the reason stated
    UNKNOWN = "unknown"  # it may have it: never sent again by itself
    SKIPPED = "skipped"  # nobody should have it any more


class Lane(StrEnum):
    """What waits for what: a lane is sent in order, beside the others."""

    SERVICE = "service"  # what somebody is waiting for, because of what they did
    BULK = "bulk"  # what goes to many at once, and to nobody who waits for it


class Template(StrEnum):
    """Which words a mail has: the name of its files in `templates/mails`."""

    CONFIRMED = "registration_confirmed"
    WAITLISTED = "registration_waitlisted"
    WITHDRAWN = "registration_withdrawn"
    LINK = "registration_link"
    CHANGED = "webinar_changed"
    CANCELLED = "webinar_cancelled"
    PERMISSION = "permission_asked"
    INVITATION = "webinar_invitation"
    JOINING = "joining_asked"
    WELCOME = "member_welcomed"
    MEMBER_LINK = "member_link"
    ADDRESS_ASKED = "address_change_asked"
    ADDRESS_TAKEN = "address_taken"
    ADDRESS_PROVEN = "address_proven"
    ADDRESS_CHANGED = "address_changed"


# What needs permission; all others answer what somebody did, or tell of what they registered for.
INVITATIONS = frozenset({Template.INVITATION})
# What goes to many at once, in words that differ in little but the name.
TO_MANY = INVITATIONS | {Template.CHANGED, Template.CANCELLED}


class Delivery(Base):
    """One mail to one person. Its id is how a provider's receipts refer to it.

    An event makes one delivery a template and address, however often it comes. *subject* is the
    registration that the mail is about, or the recipient of an invitation.
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
        Index("ix_delivery_due", "lane", "due_at", "id", **where("state = 'due'")),
        Index("ix_delivery_sending", "claim_until", **where("state = 'sending'")),
        Index("ix_delivery_state", "state", "id"),
        Index("ix_delivery_address", "address_key", "template"),
        Index("ix_delivery_unblanked", "ended_at", **where("address is not null")),
    )

    @property
    def is_invitation(self) -> bool:
        """Return whether it may go only to who gave permission."""
        return self.template in INVITATIONS

    def is_overtaken_by(self, standing: Standing) -> bool:
        """Return whether this mail says, of its registration, what is no longer so."""
        if standing.version <= self.subject_version:
            return False
        if self.template == Template.LINK and self.context:
            # Any later state leaves the link good, but for those that end it.
            revoked = standing.link_generation > self.context["link_generation"]
            return revoked or standing.state in ENDED
        return True
