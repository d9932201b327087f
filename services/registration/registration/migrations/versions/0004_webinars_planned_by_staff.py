"""Webinars planned by staff: drafts, versions, and what registered people were told of."""

import sqlalchemy as sa
from alembic import op

import shared.db
from shared.messaging.models import Json

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# What is there was published, in a first version that everybody was told of.
_FIRST = {"version": "1", "edition": "1", "placed": "0"}


def upgrade() -> None:
    """Bring the database to this form."""
    with op.batch_alter_table("webinar", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("state", sa.Text(), nullable=False, server_default="published")
        )
        batch_op.add_column(sa.Column("cancellation", sa.Text(), nullable=False, server_default=""))
        for name, value in _FIRST.items():
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default=value))
    op.execute("update webinar set state = 'cancelled' where cancelled_at is not null")
    op.execute("update webinar set placed = capacity")
    with op.batch_alter_table("webinar", schema=None) as batch_op:
        batch_op.drop_column("cancelled_at")
        for name in ("state", "cancellation", *_FIRST):
            batch_op.alter_column(name, server_default=None)

    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.add_column(sa.Column("edition", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.alter_column("edition", server_default=None)
        batch_op.create_index(
            "ix_registration_behind",
            ["webinar_id", "edition"],
            unique=False,
            postgresql_where=sa.text("state <> 'withdrawn'"),
            sqlite_where=sa.text("state <> 'withdrawn'"),
        )

    op.create_table(
        "revision",
        sa.Column("webinar_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("details", Json, nullable=False),
        sa.Column("replaced_by", sa.Text(), nullable=False),
        sa.Column("replaced_at", shared.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["webinar_id"], ["webinar.id"], name=op.f("fk_revision_webinar_id_webinar")
        ),
        sa.PrimaryKeyConstraint("webinar_id", "version", name=op.f("pk_revision")),
    )


def downgrade() -> None:
    """Bring the database back to the form before; drafts are lost with it."""
    op.drop_table("revision")
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.drop_index("ix_registration_behind")
        batch_op.drop_column("edition")
    drafts = "select id from webinar where state = 'draft'"
    op.execute(f"delete from panellist where webinar_id in ({drafts})")  # noqa: S608 - ours
    op.execute("delete from webinar where state = 'draft'")
    with op.batch_alter_table("webinar", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("cancelled_at", shared.db.UtcDateTime(timezone=True), nullable=True)
        )
    op.execute("update webinar set cancelled_at = starts_at where state = 'cancelled'")
    with op.batch_alter_table("webinar", schema=None) as batch_op:
        for name in ("state", "cancellation", *_FIRST):
            batch_op.drop_column(name)
