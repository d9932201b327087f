"""The console's pages of mail, for staff: what became of it, and who is not written to."""

from notifications.desk import listing, sending_again, showing, suppressed
from notifications.desk.blueprint import desk

# Each module adds its pages to the blueprint.
__all__ = ["desk", "listing", "sending_again", "showing", "suppressed"]
