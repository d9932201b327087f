"""What staff did, and which of their sessions have ended."""

from shared.staff.migrations import create_staff_tables, drop_staff_tables

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database to this form."""
    create_staff_tables()


def downgrade() -> None:
    """Bring the database back to the form before."""
    drop_staff_tables()
