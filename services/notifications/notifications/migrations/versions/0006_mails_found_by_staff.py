"""Mails in one state, the newest first, as staff look for them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_FAILED = sa.text("state in ('rejected', 'unknown')")


def upgrade() -> None:
    """Bring the database to this form."""
    op.create_index("ix_delivery_state", "delivery", ["state", "id"])
    op.drop_index("ix_delivery_failed", "delivery")  # the new one serves for both


def downgrade() -> None:
    """Bring the database back to the form before."""
    op.create_index(
        "ix_delivery_failed",
        "delivery",
        ["state"],
        postgresql_where=_FAILED,
        sqlite_where=_FAILED,
    )
    op.drop_index("ix_delivery_state", "delivery")
