"""People who are to be forgotten, and the letters to them that are still to be destroyed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from notifications.models.base import Base, where
from shared.db import UtcDateTime
from shared.messaging import Subject


class Erasure(Subject, Base):
    """That somebody is to be forgotten: when that was asked for last, and when it was done.

    It is complete once registration has said as well that it knows nothing any more: until then
    something of theirs may still arrive from there.
    """

    __tablename__ = "erasure"

    member_id: Mapped[UUID] = mapped_column(Uuid, unique=True)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    registration_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def is_answered(self) -> bool:
        """Return whether registration has done what was asked for last."""
        if self.asked_at is None or self.registration_at is None:
            return False
        return self.registration_at >= self.asked_at

    __table_args__ = (Index("ix_erasure_waiting", "id", **where("completed_at is null")),)


class ErasedLetter(Base):
    """A mail to somebody forgotten, of which a file may be left. One being sent may yet make it."""

    __tablename__ = "erased_letter"

    delivery_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    erasure_id: Mapped[UUID] = mapped_column(ForeignKey("erasure.id"), index=True)
