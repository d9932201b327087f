"""Accounts of staff and what they did; which sessions have ended; what stands behind pages."""

from alembic import op
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    Uuid,
)

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
    _create_accounts()


def downgrade() -> None:
    """Bring the database back to the form before; indexes go with their tables."""
    for table in ("told_figure", "recovery_code", "staff_session", "staff_account"):
        op.drop_table(table)
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


def _create_accounts() -> None:
    op.create_table(
        "staff_account",
        Column("id", Uuid, nullable=False),
        Column("subject_version", Integer, nullable=False),
        Column("email", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("role", Text, nullable=False),
        Column("password_hash", Text),
        Column("setup_hash", Text),
        Column("setup_until", _Instant),
        Column("totp_secret", Text),
        Column("totp_step", BigInteger),
        Column("added_at", _Instant, nullable=False),
        Column("disabled_at", _Instant),
        PrimaryKeyConstraint("id", name="pk_staff_account"),
        UniqueConstraint("email", name="uq_staff_account_email"),
        UniqueConstraint("setup_hash", name="uq_staff_account_setup_hash"),
    )
    op.create_table(
        "staff_session",
        Column("id", Uuid, nullable=False),
        Column("account_id", Uuid, nullable=False),
        Column("token_hash", Text, nullable=False),
        Column("started_at", _Instant, nullable=False),
        Column("seen_at", _Instant, nullable=False),
        Column("ended_at", _Instant),
        _of_an_account("staff_session"),
        PrimaryKeyConstraint("id", name="pk_staff_session"),
        UniqueConstraint("token_hash", name="uq_staff_session_token_hash"),
    )
    op.create_index("ix_staff_session_account_id", "staff_session", ["account_id"])
    op.create_index("ix_staff_session_started_at", "staff_session", ["started_at"])
    op.create_table(
        "recovery_code",
        Column("account_id", Uuid, nullable=False),
        Column("code_hash", Text, nullable=False),
        _of_an_account("recovery_code"),
        PrimaryKeyConstraint("account_id", "code_hash", name="pk_recovery_code"),
    )
    op.create_table(
        "told_figure",
        Column("id", Uuid, nullable=False),
        Column("version", Integer, nullable=False),
        Column("service", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("day", Text, nullable=False),
        Column("number", Integer, nullable=False),
        PrimaryKeyConstraint("id", name="pk_told_figure"),
    )
    op.create_index("ix_told_figure_day", "told_figure", ["day"])


def _of_an_account(table: str) -> ForeignKeyConstraint:
    name = f"fk_{table}_account_id_staff_account"
    return ForeignKeyConstraint(["account_id"], ["staff_account.id"], name=name)
