"""What the sweep needs to compare an inbox with a publisher's history."""

from shared.messaging.migrations import create_second_tables, drop_second_tables

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database to this form."""
    create_second_tables()


def downgrade() -> None:
    """Bring the database back to the form before."""
    drop_second_tables()
