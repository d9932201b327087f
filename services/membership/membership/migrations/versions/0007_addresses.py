"""Where members want their mail instead, and by what keys their former addresses are known."""

import sqlalchemy as sa
from alembic import op

from shared.db import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database to this form."""
    op.create_table(
        "address_change",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("email", sa.Text()),
        sa.Column("address_key", sa.Text()),
        sa.Column("asked_at", UtcDateTime()),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name="fk_address_change_member_id_member"
        ),
        sa.PrimaryKeyConstraint("member_id", name="pk_address_change"),
    )
    op.create_index("ix_address_change_asked_at", "address_change", ["asked_at"])
    op.create_table(
        "former_address",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("address_key", sa.Text(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name="fk_former_address_member_id_member"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_former_address"),
    )
    for column in ("member_id", "address_key"):
        op.create_index(f"ix_former_address_{column}", "former_address", [column])
    op.create_table(
        "repeated_erasure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_version", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name="fk_repeated_erasure_member_id_member"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_repeated_erasure"),
        sa.UniqueConstraint("member_id", name="uq_repeated_erasure_member_id"),
    )


def downgrade() -> None:
    """Bring the database back to the form before; indexes go with their tables."""
    op.drop_table("repeated_erasure")
    op.drop_table("former_address")
    op.drop_table("address_change")
