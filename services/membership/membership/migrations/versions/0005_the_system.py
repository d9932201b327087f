"""What the console's pages about the system need."""

from shared.messaging.migrations import create_third_tables, drop_third_tables

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database to this form."""
    create_third_tables()


def downgrade() -> None:
    """Bring the database back to the form before."""
    drop_third_tables()
