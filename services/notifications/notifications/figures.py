"""What notifications counts for the console's first page."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from notifications import queries
from notifications.models import Delivery, DeliveryState
from shared.staff.figures import Count, by_day, dead_letters


def count(session: Session) -> Sequence[Count]:
    """Return how things stand, and how many mails were made yesterday and today."""
    return [
        dead_letters(session),
        Count("mails_unknown", queries.count(session, DeliveryState.UNKNOWN)),
        Count("mails_failed", queries.count(session, DeliveryState.REJECTED)),
        *by_day(session, "mails", Delivery.id),
    ]
