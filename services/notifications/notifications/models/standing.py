"""How registrations stand, as far as notifications has been told."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from notifications.models.base import Base


class RegistrationState(StrEnum):
    """How a person stands with a webinar."""

    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"  # with the webinar itself


ENDED = frozenset({RegistrationState.WITHDRAWN, RegistrationState.CANCELLED})


class Standing(Base):
    """How a registration stands by the newest event that told it: overtaken mails are not sent."""

    __tablename__ = "standing"

    registration_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int]
    state: Mapped[RegistrationState] = mapped_column(Text)
    webinar_id: Mapped[UUID] = mapped_column(Uuid)
    address_key: Mapped[str] = mapped_column(Text)
    link_generation: Mapped[int]
