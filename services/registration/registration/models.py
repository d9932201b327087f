"""Webinars, the people on their panels, their places, and who has one."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from shared.db import UtcDateTime
from shared.db import metadata as new_metadata
from shared.messaging import Subject


class Base(DeclarativeBase):
    """Base of registration's own tables."""

    metadata = new_metadata()


class Webinar(Subject, Base):
    """What people register for."""

    __tablename__ = "webinar"

    slug: Mapped[str] = mapped_column(Text, unique=True)
    title: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(Text)
    expect: Mapped[str] = mapped_column(Text)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    capacity: Mapped[int]
    joining_link: Mapped[str] = mapped_column(Text)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    panel: Mapped[list["Panellist"]] = relationship(order_by="Panellist.position")

    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("capacity > 0", name="has_places"),
    )

    def is_closed(self, moment: datetime) -> bool:
        """Return whether nobody can register any more: it has ended, or was cancelled."""
        return self.cancelled_at is not None or self.ends_at <= moment


class Panellist(Base):
    """Somebody who speaks at a webinar, as they wish to be introduced."""

    __tablename__ = "panellist"

    webinar_id: Mapped[UUID] = mapped_column(ForeignKey("webinar.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(Text)
    biography: Mapped[str] = mapped_column(Text)


class RegistrationState(StrEnum):
    """How a person stands with a webinar."""

    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    WITHDRAWN = "withdrawn"


class Registration(Subject, Base):
    """A person's place at a webinar, or their waiting for one."""

    __tablename__ = "registration"

    webinar_id: Mapped[UUID] = mapped_column(ForeignKey("webinar.id"))
    address_key: Mapped[str] = mapped_column(Text, index=True)
    email: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    access_needs: Mapped[str] = mapped_column(Text)
    question: Mapped[str] = mapped_column(Text)
    state: Mapped[RegistrationState] = mapped_column(Text)
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    link_generation: Mapped[int] = mapped_column(default=0)

    webinar: Mapped[Webinar] = relationship()

    __table_args__ = (UniqueConstraint("webinar_id", "address_key"),)


class Erasure(Subject, Base):
    """That registration has forgotten somebody: said to the others, and to whoever restores."""

    __tablename__ = "erasure"

    member_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    completed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Place(Base):
    """One place at a webinar. Taking a row nobody else holds can't oversell, nor make a queue."""

    __tablename__ = "place"

    webinar_id: Mapped[UUID] = mapped_column(ForeignKey("webinar.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    registration_id: Mapped[UUID | None] = mapped_column(
        Uuid, ForeignKey("registration.id"), unique=True
    )

    __table_args__ = (
        Index(
            "ix_place_free",
            "webinar_id",
            "number",
            postgresql_where=text("registration_id is null"),
            sqlite_where=text("registration_id is null"),
        ),
    )
