"""The first tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import shared.db

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
    op.create_table(
        "event",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("time", shared.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_version", sa.Integer(), nullable=False),
        sa.Column("correlation_id", sa.Text(), nullable=False),
        sa.Column("causation_id", sa.Text(), nullable=True),
        sa.Column("traceparent", sa.Text(), nullable=False),
        sa.Column("dataref", sa.Text(), nullable=True),
        sa.Column("visibility", sa.Text(), nullable=False),
        sa.Column(
            "data",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
            ),
            nullable=True,
        ),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("published_at", shared.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("refusals", sa.Integer(), nullable=False),
        sa.Column("due_at", shared.db.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("event_id", name=op.f("uq_event_event_id")),
        sa.UniqueConstraint("position", name=op.f("uq_event_position")),
        sa.UniqueConstraint(
            "subject", "subject_version", name=op.f("uq_event_subject_subject_version")
        ),
    )
    op.create_index(
        "ix_event_unblanked",
        "event",
        ["time"],
        unique=False,
        postgresql_where=sa.text("data is not null"),
        sqlite_where=sa.text("data is not null"),
    )
    op.create_index(
        "ix_event_unnumbered",
        "event",
        ["id"],
        unique=False,
        postgresql_where=sa.text("position is null"),
        sqlite_where=sa.text("position is null"),
    )
    op.create_index(
        "ix_event_unpublished",
        "event",
        ["position"],
        unique=False,
        postgresql_where=sa.text("published_at is null"),
        sqlite_where=sa.text("published_at is null"),
    )
    op.create_table(
        "inbox",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", shared.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", shared.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", shared.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("source", "event_id", name=op.f("uq_inbox_source_event_id")),
    )
    op.create_index(
        "ix_inbox_dead",
        "inbox",
        ["type"],
        unique=False,
        postgresql_where=sa.text("state = 'dead'"),
        sqlite_where=sa.text("state = 'dead'"),
    )
    op.create_index("ix_inbox_subject", "inbox", ["subject"], unique=False)
    op.create_index(
        "ix_inbox_unblanked",
        "inbox",
        ["ended_at"],
        unique=False,
        postgresql_where=sa.text("body is not null"),
        sqlite_where=sa.text("body is not null"),
    )
    op.create_index(
        "ix_inbox_waiting",
        "inbox",
        ["due_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'new'"),
        sqlite_where=sa.text("state = 'new'"),
    )
    op.create_table(
        "instance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instance")),
    )
    op.create_table(
        "tombstone",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("erased_at", shared.db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_tombstone")),
    )


def downgrade() -> None:
    """Bring the database back to the form before."""
    op.drop_table("tombstone")
    op.drop_table("instance")
    op.drop_index(
        "ix_inbox_waiting",
        table_name="inbox",
        postgresql_where=sa.text("state = 'new'"),
        sqlite_where=sa.text("state = 'new'"),
    )
    op.drop_index(
        "ix_inbox_unblanked",
        table_name="inbox",
        postgresql_where=sa.text("body is not null"),
        sqlite_where=sa.text("body is not null"),
    )
    op.drop_index("ix_inbox_subject", table_name="inbox")
    op.drop_index(
        "ix_inbox_dead",
        table_name="inbox",
        postgresql_where=sa.text("state = 'dead'"),
        sqlite_where=sa.text("state = 'dead'"),
    )
    op.drop_table("inbox")
    op.drop_index(
        "ix_event_unpublished",
        table_name="event",
        postgresql_where=sa.text("published_at is null"),
        sqlite_where=sa.text("published_at is null"),
    )
    op.drop_index(
        "ix_event_unnumbered",
        table_name="event",
        postgresql_where=sa.text("position is null"),
        sqlite_where=sa.text("position is null"),
    )
    op.drop_index(
        "ix_event_unblanked",
        table_name="event",
        postgresql_where=sa.text("data is not null"),
        sqlite_where=sa.text("data is not null"),
    )
    op.drop_table("event")
    op.drop_table("standing")
    op.drop_index(op.f("ix_permission_statement_address_key"), table_name="permission_statement")
    op.drop_table("permission_statement")
    op.drop_index(
        "ix_delivery_unblanked",
        table_name="delivery",
        postgresql_where=sa.text("address is not null"),
        sqlite_where=sa.text("address is not null"),
    )
    op.drop_index(
        "ix_delivery_sending",
        table_name="delivery",
        postgresql_where=sa.text("state = 'sending'"),
        sqlite_where=sa.text("state = 'sending'"),
    )
    op.drop_index(
        "ix_delivery_failed",
        table_name="delivery",
        postgresql_where=sa.text("state in ('rejected', 'unknown')"),
        sqlite_where=sa.text("state in ('rejected', 'unknown')"),
    )
    op.drop_index(
        "ix_delivery_due",
        table_name="delivery",
        postgresql_where=sa.text("state = 'due'"),
        sqlite_where=sa.text("state = 'due'"),
    )
    op.drop_table("delivery")
