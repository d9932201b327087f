"""The first tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import shared.db
from shared.messaging.migrations import create_first_tables, drop_first_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database to this form."""
    op.create_table(
        "delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("subject_version", sa.Integer(), nullable=False),
        sa.Column("address_key", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column(
            "context",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
            ),
            nullable=True,
        ),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", shared.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("due_at", shared.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("claimed_by", sa.Uuid(), nullable=True),
        sa.Column("claim_until", shared.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", shared.db.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint(
            "event_id",
            "template",
            "address_key",
            name=op.f("uq_delivery_event_id_template_address_key"),
        ),
    )
    op.create_index(
        "ix_delivery_due",
        "delivery",
        ["lane", "due_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'due'"),
        sqlite_where=sa.text("state = 'due'"),
    )
    op.create_index(
        "ix_delivery_failed",
        "delivery",
        ["state"],
        unique=False,
        postgresql_where=sa.text("state in ('rejected', 'unknown')"),
        sqlite_where=sa.text("state in ('rejected', 'unknown')"),
    )
    op.create_index(
        "ix_delivery_sending",
        "delivery",
        ["claim_until"],
        unique=False,
        postgresql_where=sa.text("state = 'sending'"),
        sqlite_where=sa.text("state = 'sending'"),
    )
    op.create_index(
        "ix_delivery_unblanked",
        "delivery",
        ["ended_at"],
        unique=False,
        postgresql_where=sa.text("address is not null"),
        sqlite_where=sa.text("address is not null"),
    )
    op.create_table(
        "permission_statement",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("address_key", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("stated_at", shared.db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_permission_statement")),
    )
    op.create_index(
        op.f("ix_permission_statement_address_key"),
        "permission_statement",
        ["address_key"],
        unique=False,
    )
    op.create_table(
        "standing",
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("webinar_id", sa.Uuid(), nullable=False),
        sa.Column("address_key", sa.Text(), nullable=False),
        sa.Column("link_generation", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_standing")),
    )
    create_first_tables()


def downgrade() -> None:
    """Bring the database back to the form before; indexes go with their tables."""
    drop_first_tables()
    op.drop_table("standing")
    op.drop_table("permission_statement")
    op.drop_table("delivery")
