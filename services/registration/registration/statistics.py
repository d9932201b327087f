"""How many: of registrations in each state, and over time."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Function, func, select
from sqlalchemy.orm import Session

from registration.models import Registration, RegistrationState, Webinar
from shared.clock import LONDON
from shared.db import dialect_of, now

DAYS = 28
Counts = Counter[RegistrationState]


def standings(session: Session, webinar: Webinar) -> Counts:
    """Return how many people stand in which way with *webinar*."""
    return standings_of(session, [webinar])[webinar.id]


def standings_of(session: Session, webinars: Sequence[Webinar]) -> dict[UUID, Counts]:
    """Return the same for each of *webinars*, by its id."""
    ids = [webinar.id for webinar in webinars]
    counted = (
        select(Registration.webinar_id, Registration.state, func.count())
        .where(Registration.webinar_id.in_(ids))
        .group_by(Registration.webinar_id, Registration.state)
    )
    found: dict[UUID, Counts] = {id: Counter() for id in ids}
    for id, state, number in session.execute(counted):
        found[id][RegistrationState(state)] = number
    return found


def daily(session: Session, webinar: Webinar | None = None) -> dict[date, int]:
    """Return how many registered, for *webinar* or any, on each of the last `DAYS` UK days.

    Those who withdrew since are counted.
    """
    today = now(session).astimezone(LONDON).date()
    days = {today - timedelta(days=back): 0 for back in reversed(range(DAYS))}
    since = now(session) - timedelta(days=DAYS + 1)
    counted = (
        select(_hour(session).label("hour"), func.count())
        .where(Registration.registered_at > since)
        .group_by("hour")
    )
    if webinar is not None:
        counted = counted.where(Registration.webinar_id == webinar.id)
    for text, number in session.execute(counted):
        # A UK day begins and ends with an hour of UTC, whatever the clocks say.
        day = datetime.fromisoformat(f"{text}:00+00:00").astimezone(LONDON).date()
        if day in days:
            days[day] += number
    return days


def _hour(session: Session) -> Function[str]:
    if dialect_of(session) == "postgresql":
        in_utc = func.timezone("UTC", Registration.registered_at)
        return func.to_char(in_utc, 'YYYY-MM-DD"T"HH24')
    return func.strftime("%Y-%m-%dT%H", Registration.registered_at)
