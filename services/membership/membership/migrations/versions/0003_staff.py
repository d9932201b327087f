"""What staff did, which of their sessions have ended, and what stands behind pages."""

from alembic import op
from sqlalchemy import Column, DateTime, Integer, PrimaryKeyConstraint, Text

from shared.staff.migrations import create_staff_tables, drop_staff_tables

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_Instant = DateTime(timezone=True)


def upgrade() -> None:
    """Bring the database to this form."""
    create_staff_tables()
    _create_web_tables()


def downgrade() -> None:
    """Bring the database back to the form before; indexes go with their tables."""
    op.drop_table("rate_limit")
    op.drop_table("idempotency")
    drop_staff_tables()


def _create_web_tables() -> None:
    op.create_table(
        "idempotency",
        Column("scope", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("fingerprint", Text, nullable=False),
        Column("status", Integer, nullable=False),
        Column("body", Text, nullable=False),
        Column("created_at", _Instant, nullable=False),
        PrimaryKeyConstraint("scope", "key", name="pk_idempotency"),
    )
    op.create_index("ix_idempotency_created_at", "idempotency", ["created_at"])
    op.create_table(
        "rate_limit",
        Column("bucket", Text, nullable=False),
        Column("window_start", _Instant, nullable=False),
        Column("hits", Integer, nullable=False),
        PrimaryKeyConstraint("bucket", "window_start", name="pk_rate_limit"),
    )
    op.create_index("ix_rate_limit_window_start", "rate_limit", ["window_start"])
