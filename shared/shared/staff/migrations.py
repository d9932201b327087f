"""The tables about staff, as a migration of each service makes them: see messaging.migrations."""

from alembic import op
from sqlalchemy import Column, DateTime, Integer, PrimaryKeyConstraint, Text, UniqueConstraint, Uuid


def create_staff_tables() -> None:
    """Make the tables in the database being migrated."""
    op.create_table(
        "staff_act",
        Column("id", Uuid, nullable=False),
        Column("subject_version", Integer, nullable=False),
        Column("service", Text, nullable=False),
        Column("account_id", Uuid, nullable=False),
        Column("action", Text, nullable=False),
        Column("about", Text, nullable=False),
        Column("at", DateTime(timezone=True), nullable=False),
        PrimaryKeyConstraint("id", name="pk_staff_act"),
    )
    op.create_index("ix_staff_act_newest", "staff_act", ["at", "id"])
    op.create_index("ix_staff_act_account", "staff_act", ["account_id", "at", "id"])
    op.create_table(
        "ended_staff_session",
        Column("session_id", Uuid, nullable=False),
        Column("ended_at", DateTime(timezone=True), nullable=False),
        PrimaryKeyConstraint("session_id", name="pk_ended_staff_session"),
    )
    op.create_index("ix_ended_staff_session_ended_at", "ended_staff_session", ["ended_at"])
    op.create_table(
        "figure",
        Column("id", Uuid, nullable=False),
        Column("subject_version", Integer, nullable=False),
        Column("name", Text, nullable=False),
        Column("day", Text, nullable=False),
        Column("number", Integer, nullable=False),
        PrimaryKeyConstraint("id", name="pk_figure"),
        UniqueConstraint("day", "name", name="uq_figure_day_name"),
    )


def drop_staff_tables() -> None:
    """Drop the tables, and what they hold, from the database being migrated."""
    op.drop_table("figure")
    op.drop_table("ended_staff_session")
    op.drop_table("staff_act")
