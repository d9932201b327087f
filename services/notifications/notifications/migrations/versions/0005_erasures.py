"""Who is to be forgotten, and which letters have still to be destroyed."""

import sqlalchemy as sa
from alembic import op

from shared.db import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database to this form."""
    op.create_table(
        "erasure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_version", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", UtcDateTime()),
        sa.Column("registration_at", UtcDateTime()),
        sa.Column("completed_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_erasure"),
        sa.UniqueConstraint("member_id", name="uq_erasure_member_id"),
    )
    waiting = sa.text("completed_at is null")
    op.create_index(
        "ix_erasure_waiting",
        "erasure",
        ["id"],
        postgresql_where=waiting,
        sqlite_where=waiting,
    )
    op.create_table(
        "erased_letter",
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("erasure_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["erasure_id"], ["erasure.id"], name="fk_erased_letter_erasure_id_erasure"
        ),
        sa.PrimaryKeyConstraint("delivery_id", name="pk_erased_letter"),
    )
    op.create_index("ix_erased_letter_erasure_id", "erased_letter", ["erasure_id"])


def downgrade() -> None:
    """Bring the database back to the form before; indexes go with their tables."""
    op.drop_table("erased_letter")
    op.drop_table("erasure")
