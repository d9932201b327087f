"""Webinars, the people on their panels, their places, and who has one."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from shared.db import UtcDateTime
from shared.db import metadata as new_metadata
from shared.messaging import Subject
from shared.messaging.models import Json


def _where(condition: str) -> dict[str, Any]:
    """Return what makes an index hold only the rows that satisfy *condition*."""
    return {"postgresql_where": text(condition), "sqlite_where": text(condition)}


class Base(DeclarativeBase):
    """Base of registration's own tables."""

    metadata = new_metadata()


class WebinarState(StrEnum):
    """How far a webinar has come. Whether it is past, the clock says."""

    DRAFT = "draft"  # only staff can see it
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class Webinar(Subject, Base):
    """What people register for.

    *version* counts what staff change, *edition* is the last version that registered people are
    told of, and *placed* is how many places there are: less than *capacity* while the people who
    wait are being seated.
    """

    __tablename__ = "webinar"

    slug: Mapped[str] = mapped_column(Text, unique=True)
    title: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(Text)
    expect: Mapped[str] = mapped_column(Text)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    capacity: Mapped[int]
    joining_link: Mapped[str] = mapped_column(Text)
    state: Mapped[WebinarState] = mapped_column(Text)
    cancellation: Mapped[str] = mapped_column(Text, default="")  # what people are told besides
    version: Mapped[int]
    edition: Mapped[int]
    placed: Mapped[int]

    panel: Mapped[list["Panellist"]] = relationship(
        order_by="Panellist.position", cascade="all, delete-orphan"
    )

    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("capacity > 0", name="has_places"),
    )

    @property
    def is_draft(self) -> bool:
        """Return whether only staff can see it."""
        return self.state == WebinarState.DRAFT

    @property
    def is_cancelled(self) -> bool:
        """Return whether it will not take place."""
        return self.state == WebinarState.CANCELLED

    def is_closed(self, moment: datetime) -> bool:
        """Return whether nobody can register: not yet, or not any more."""
        return self.state != WebinarState.PUBLISHED or self.ends_at <= moment


class Panellist(Base):
    """Somebody who speaks at a webinar, as they wish to be introduced."""

    __tablename__ = "panellist"

    webinar_id: Mapped[UUID] = mapped_column(ForeignKey("webinar.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(Text)
    biography: Mapped[str] = mapped_column(Text)


class Revision(Base):
    """What staff said of a webinar in one version, kept when the next replaced it.

    Registered people may still go by it, and so may somebody who is editing the webinar.
    """

    __tablename__ = "revision"

    webinar_id: Mapped[UUID] = mapped_column(ForeignKey("webinar.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    details: Mapped[dict[str, Any]] = mapped_column(Json)
    replaced_by: Mapped[str] = mapped_column(Text)
    replaced_at: Mapped[datetime] = mapped_column(UtcDateTime)


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
    edition: Mapped[int]  # of the webinar, as the person was told of it

    webinar: Mapped[Webinar] = relationship()

    __table_args__ = (
        UniqueConstraint("webinar_id", "address_key"),
        Index("ix_registration_behind", "webinar_id", "edition", **_where("state <> 'withdrawn'")),
    )


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
        Index("ix_place_free", "webinar_id", "number", **_where("registration_id is null")),
    )
