"""The tables that carry events, as each service's first migration makes them.

Written out apart from the models, names and all: those will change, and what the first version
was must not change with them. Later changes are migrations of their own.
"""

from alembic import op
from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

_metadata = MetaData()
_Counter = BigInteger().with_variant(Integer, "sqlite")
_Instant = DateTime(timezone=True)
_Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def create_first_tables() -> None:
    """Make the tables in the database being migrated. Raises DBAPIError where one is there."""
    _metadata.create_all(op.get_bind(), checkfirst=False)


def drop_first_tables() -> None:
    """Drop the tables, and what they hold, from the database being migrated."""
    _metadata.drop_all(op.get_bind(), checkfirst=False)


def create_second_tables() -> None:
    """Make what the sweep needs, and what tells how long each type of event has waited."""
    op.create_table(
        "feed_position",
        Column("publisher", Text, nullable=False),
        Column("position", BigInteger, nullable=False),
        PrimaryKeyConstraint("publisher", name="pk_feed_position"),
    )
    where = text("state = 'new'")
    op.create_index(
        "ix_inbox_waiting_type",
        "inbox",
        ["type", "id"],
        postgresql_where=where,
        sqlite_where=where,
    )


def drop_second_tables() -> None:
    """Take back what `create_second_tables` made."""
    op.drop_index("ix_inbox_waiting_type", "inbox")
    op.drop_table("feed_position")


def create_third_tables() -> None:
    """Make what the console's pages about the system need."""
    op.create_table(
        "loop_trouble",
        Column("id", Uuid, nullable=False),
        Column("loop", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("since", _Instant, nullable=False),
        Column("seen_at", _Instant, nullable=False),
        PrimaryKeyConstraint("id", name="pk_loop_trouble"),
    )
    where = text("state = 'discarded'")
    op.create_index(
        "ix_inbox_discarded", "inbox", ["id"], postgresql_where=where, sqlite_where=where
    )


def drop_third_tables() -> None:
    """Take back what `create_third_tables` made."""
    op.drop_index("ix_inbox_discarded", "inbox")
    op.drop_table("loop_trouble")


def _partial(name: str, column: str, *more: str, where: str) -> Index:
    return Index(name, column, *more, postgresql_where=text(where), sqlite_where=text(where))


Table(
    "event",
    _metadata,
    Column("id", _Counter, autoincrement=True, nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("type", Text, nullable=False),
    Column("time", _Instant, nullable=False),
    Column("subject", Text, nullable=False),
    Column("subject_version", Integer, nullable=False),
    Column("correlation_id", Text, nullable=False),
    Column("causation_id", Text),
    Column("traceparent", Text, nullable=False),
    Column("dataref", Text),
    Column("visibility", Text, nullable=False),
    Column("data", _Json),
    Column("position", _Counter),
    Column("published_at", _Instant),
    Column("refusals", Integer, nullable=False),
    Column("due_at", _Instant),
    PrimaryKeyConstraint("id", name="pk_event"),
    UniqueConstraint("event_id", name="uq_event_event_id"),
    UniqueConstraint("position", name="uq_event_position"),
    UniqueConstraint("subject", "subject_version", name="uq_event_subject_subject_version"),
    _partial("ix_event_unblanked", "time", where="data is not null"),
    _partial("ix_event_unnumbered", "id", where="position is null"),
    _partial("ix_event_unpublished", "position", where="published_at is null"),
)

Table(
    "inbox",
    _metadata,
    Column("id", _Counter, autoincrement=True, nullable=False),
    Column("source", Text, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", LargeBinary),
    Column("received_at", _Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", _Instant, nullable=False),
    Column("ended_at", _Instant),
    Column("error", Text),
    Column("reason", Text),
    PrimaryKeyConstraint("id", name="pk_inbox"),
    UniqueConstraint("source", "event_id", name="uq_inbox_source_event_id"),
    Index("ix_inbox_subject", "subject"),
    _partial("ix_inbox_dead", "type", where="state = 'dead'"),
    _partial("ix_inbox_unblanked", "ended_at", where="body is not null"),
    _partial("ix_inbox_waiting", "due_at", "id", where="state = 'new'"),
)

Table(
    "instance",
    _metadata,
    Column("id", Integer, nullable=False),
    Column("source", Text, nullable=False),
    PrimaryKeyConstraint("id", name="pk_instance"),
)

Table(
    "tombstone",
    _metadata,
    Column("subject", Text, nullable=False),
    Column("erased_at", _Instant, nullable=False),
    PrimaryKeyConstraint("subject", name="pk_tombstone"),
)
