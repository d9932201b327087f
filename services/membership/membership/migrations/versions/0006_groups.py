"""Groups, and which members belong to them."""

import sqlalchemy as sa
from alembic import op

from shared.db import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database to this form."""
    op.create_table(
        "member_group",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("closed_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_member_group"),
        sa.UniqueConstraint("code", name="uq_member_group_code"),
    )
    op.create_table(
        "group_membership",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["member_group.id"], name="fk_group_membership_group_id_member_group"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name="fk_group_membership_member_id_member"
        ),
        sa.PrimaryKeyConstraint("group_id", "member_id", name="pk_group_membership"),
    )
    op.create_index("ix_group_membership_member_id", "group_membership", ["member_id"])


def downgrade() -> None:
    """Bring the database back to the form before; the index goes with its table."""
    op.drop_table("group_membership")
    op.drop_table("member_group")
