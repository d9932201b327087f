"""The first tables."""

import sqlalchemy as sa
from alembic import op

import shared.db
from shared.messaging.migrations import create_first_tables, drop_first_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database to this form."""
    op.create_table(
        "webinar",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("expect", sa.Text(), nullable=False),
        sa.Column("starts_at", shared.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", shared.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("joining_link", sa.Text(), nullable=False),
        sa.Column("cancelled_at", shared.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_webinar_has_places")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_webinar_ends_after_start")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webinar")),
        sa.UniqueConstraint("slug", name=op.f("uq_webinar_slug")),
    )
    with op.batch_alter_table("webinar", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_webinar_starts_at"), ["starts_at"], unique=False)

    op.create_table(
        "panellist",
        sa.Column("webinar_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("biography", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["webinar_id"], ["webinar.id"], name=op.f("fk_panellist_webinar_id_webinar")
        ),
        sa.PrimaryKeyConstraint("webinar_id", "position", name=op.f("pk_panellist")),
    )
    op.create_table(
        "registration",
        sa.Column("webinar_id", sa.Uuid(), nullable=False),
        sa.Column("address_key", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("access_needs", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("registered_at", shared.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("link_generation", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["webinar_id"], ["webinar.id"], name=op.f("fk_registration_webinar_id_webinar")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration")),
        sa.UniqueConstraint(
            "webinar_id", "address_key", name=op.f("uq_registration_webinar_id_address_key")
        ),
    )
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_registration_address_key"), ["address_key"], unique=False
        )

    op.create_table(
        "place",
        sa.Column("webinar_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_place_registration_id_registration"),
        ),
        sa.ForeignKeyConstraint(
            ["webinar_id"], ["webinar.id"], name=op.f("fk_place_webinar_id_webinar")
        ),
        sa.PrimaryKeyConstraint("webinar_id", "number", name=op.f("pk_place")),
        sa.UniqueConstraint("registration_id", name=op.f("uq_place_registration_id")),
    )
    with op.batch_alter_table("place", schema=None) as batch_op:
        batch_op.create_index(
            "ix_place_free",
            ["webinar_id", "number"],
            unique=False,
            postgresql_where=sa.text("registration_id is null"),
            sqlite_where=sa.text("registration_id is null"),
        )

    create_first_tables()
    op.create_table(
        "idempotency",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", shared.db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("scope", "key", name=op.f("pk_idempotency")),
    )
    with op.batch_alter_table("idempotency", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idempotency_created_at"), ["created_at"], unique=False)

    op.create_table(
        "rate_limit",
        sa.Column("bucket", sa.Text(), nullable=False),
        sa.Column("window_start", shared.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "window_start", name=op.f("pk_rate_limit")),
    )
    with op.batch_alter_table("rate_limit", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_rate_limit_window_start"), ["window_start"], unique=False
        )


def downgrade() -> None:
    """Bring the database back to the form before; indexes go with their tables."""
    op.drop_table("rate_limit")
    op.drop_table("idempotency")
    drop_first_tables()
    op.drop_table("place")
    op.drop_table("registration")
    op.drop_table("panellist")
    op.drop_table("webinar")
