"""What providers report, and who may be written to."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.db import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Bring the database to this form."""
    with op.batch_alter_table("permission_statement") as statement:
        statement.add_column(
            sa.Column("proven", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("permission_statement") as statement:
        statement.alter_column("proven", server_default=None)
    op.create_table(
        "recipient",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_version", sa.Integer(), nullable=False),
        sa.Column("address_key", sa.Text(), nullable=False),
        sa.Column("link_generation", sa.Integer(), nullable=False),
        sa.Column("paused_until", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_recipient"),
        sa.UniqueConstraint("address_key", name="uq_recipient_address_key"),
    )
    op.create_index("ix_delivery_address", "delivery", ["address_key", "template"])
    _create_suppression()
    _create_receipt()


def downgrade() -> None:
    """Bring the database back to the form before; indexes go with their tables."""
    for table in ("receipt", "suppression", "recipient"):
        op.drop_table(table)
    op.drop_index("ix_delivery_address", "delivery")
    with op.batch_alter_table("permission_statement") as statement:
        statement.drop_column("proven")


def _create_suppression() -> None:
    op.create_table(
        "suppression",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("address_key", sa.Text(), nullable=False),
        sa.Column("address", sa.Text()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("suppressed_at", UtcDateTime(), nullable=False),
        sa.Column("lifted_at", UtcDateTime()),
        sa.Column("lifted_because", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_suppression"),
    )
    _index("ix_suppression_active", "suppression", "address_key", "reason", unique=True,
           where="lifted_at is null")  # fmt: skip


def _create_receipt() -> None:
    op.create_table(
        "receipt",
        sa.Column("id", _COUNTER, autoincrement=True, nullable=False),
        sa.Column("event_key", sa.Text(), nullable=False),
        sa.Column("second_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("delivery_id", sa.Uuid()),
        sa.Column("address_key", sa.Text()),
        sa.Column("body", _JSON),
        sa.Column("happened_at", UtcDateTime()),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime()),
        sa.Column("error", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_receipt"),
        sa.UniqueConstraint("event_key", name="uq_receipt_event_key"),
        sa.UniqueConstraint("second_key", name="uq_receipt_second_key"),
    )
    _index("ix_receipt_waiting", "receipt", "due_at", "id", where="state = 'new'")
    _index("ix_receipt_bounces", "receipt", "address_key", "happened_at",
           where="kind = 'soft_bounce'")  # fmt: skip
    _index("ix_receipt_unblanked", "receipt", "ended_at", where="body is not null")
    op.create_index("ix_receipt_delivery", "receipt", ["delivery_id"])


def _index(name: str, table: str, *columns: str, where: str, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(
        name,
        table,
        [*columns],
        unique=unique,
        postgresql_where=condition,
        sqlite_where=condition,
    )
