"""The six tables about events on their way; every service has them in its own database."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from uuid_utils.compat import uuid7

from shared.db import UtcDateTime
from shared.db import metadata as new_metadata

# SQLite numbers rows by itself only where the key is exactly INTEGER.
Counter = BigInteger().with_variant(Integer, "sqlite")
Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def _where(condition: str) -> dict[str, Any]:
    """Return what makes an index hold only the few rows that satisfy *condition*."""
    return {"postgresql_where": text(condition), "sqlite_where": text(condition)}


class _Base(DeclarativeBase):
    metadata = new_metadata()


metadata = _Base.metadata


class Subject:
    """Mixin for a row that events speak of: its id, and how many events have spoken of it."""

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    subject_version: Mapped[int] = mapped_column(default=0)


class Instance(_Base):
    """One row: the `source` of every event of this database, fixed at the first migration."""

    __tablename__ = "instance"

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(Text)


class StoredEvent(_Base):
    """An event with the change it states: outbox, feed and history in one."""

    __tablename__ = "event"

    id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=True)
    event_id: Mapped[UUID] = mapped_column(Uuid, default=uuid7, unique=True)
    type: Mapped[str] = mapped_column(Text)
    time: Mapped[datetime] = mapped_column(UtcDateTime)
    subject: Mapped[str] = mapped_column(Text)
    subject_version: Mapped[int]
    correlation_id: Mapped[str] = mapped_column(Text)
    causation_id: Mapped[str | None] = mapped_column(Text)
    traceparent: Mapped[str] = mapped_column(Text)
    dataref: Mapped[str | None] = mapped_column(Text)
    visibility: Mapped[str] = mapped_column(Text)
    data: Mapped[dict[str, Any] | None] = mapped_column(Json)
    position: Mapped[int | None] = mapped_column(Counter, unique=True)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    refusals: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("subject", "subject_version"),
        Index("ix_event_unnumbered", "id", **_where("position is null")),
        Index("ix_event_unpublished", "position", **_where("published_at is null")),
        Index("ix_event_unblanked", "time", **_where("data is not null")),
    )


class State(StrEnum):
    """How far a received event has come."""

    NEW = "new"
    DONE = "done"
    DEAD = "dead"
    DISCARDED = "discarded"


class ReceivedEvent(_Base):
    """An event that came to this service: kept until handled, and its key long after."""

    __tablename__ = "inbox"

    id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=True)
    source: Mapped[str] = mapped_column(Text)
    event_id: Mapped[str] = mapped_column(Text)
    type: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[State] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        UniqueConstraint("source", "event_id"),
        Index("ix_inbox_waiting", "due_at", "id", **_where("state = 'new'")),
        Index("ix_inbox_waiting_type", "type", "id", **_where("state = 'new'")),
        Index("ix_inbox_dead", "type", **_where("state = 'dead'")),
        Index("ix_inbox_discarded", "id", **_where("state = 'discarded'")),
        Index("ix_inbox_subject", "subject"),
        Index("ix_inbox_unblanked", "ended_at", **_where("body is not null")),
    )


class Tombstone(_Base):
    """A subject that was erased: events about it, late or restored, change nothing."""

    __tablename__ = "tombstone"

    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    erased_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FeedPosition(_Base):
    """How far this service has compared its inbox with a publisher's history."""

    __tablename__ = "feed_position"

    publisher: Mapped[str] = mapped_column(Text, primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)


class LoopTrouble(_Base):
    """A loop of a worker that fails again and again; nobody believes a row that is not renewed."""

    __tablename__ = "loop_trouble"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    loop: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
