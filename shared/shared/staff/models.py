"""The three tables about staff that every service has in its own database."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.db import UtcDateTime
from shared.db import metadata as new_metadata
from shared.messaging import Subject


class _Base(DeclarativeBase):
    metadata = new_metadata()


metadata = _Base.metadata


class StaffAct(Subject, _Base):
    """What a member of staff did. Only ever added to; membership's holds those of all services."""

    __tablename__ = "staff_act"

    service: Mapped[str] = mapped_column(Text)
    account_id: Mapped[UUID] = mapped_column(Uuid)
    action: Mapped[str] = mapped_column(Text)
    about: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("ix_staff_act_newest", "at", "id"),
        Index("ix_staff_act_account", "account_id", "at", "id"),
    )


class EndedStaffSession(_Base):
    """A session that has ended: its cookie is refused, though it may live for minutes yet."""

    __tablename__ = "ended_staff_session"

    session_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    ended_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Figure(Subject, _Base):
    """A number that the console's first page shows, as it was last told to membership."""

    __tablename__ = "figure"

    name: Mapped[str] = mapped_column(Text)
    day: Mapped[str] = mapped_column(Text)  # "" where it is of the present
    number: Mapped[int]

    __table_args__ = (UniqueConstraint("day", "name"),)
