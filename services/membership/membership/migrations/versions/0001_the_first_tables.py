"""The first tables."""

from shared.messaging.migrations import create_first_tables, drop_first_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database to this form."""
    create_first_tables()


def downgrade() -> None:
    """Bring the database back to the form before."""
    drop_first_tables()
