"""What registration counts for the console's first page."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registration.models import Registration, RegistrationState, Webinar, WebinarState
from shared.db import now
from shared.staff.figures import Count, by_day, dead_letters

_SOON = timedelta(days=7)


def count(session: Session) -> Sequence[Count]:
    """Return how things stand, and how many registered yesterday and today."""
    moment = now(session)
    to_come = Webinar.starts_at > moment, Webinar.state == WebinarState.PUBLISHED
    soon = select(func.count(Webinar.id)).where(*to_come, Webinar.starts_at < moment + _SOON)
    waiting = (
        select(func.count(Registration.id))
        .join(Registration.webinar)
        .where(*to_come, Registration.state == RegistrationState.WAITLISTED)
    )
    return [
        dead_letters(session),
        Count("webinars_soon", session.scalars(soon).one()),
        Count("people_waiting", session.scalars(waiting).one()),
        *by_day(session, "registrations", Registration.id),
    ]
