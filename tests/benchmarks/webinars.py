"""Webinars to register for, and what became of who did."""

from collections import Counter
from datetime import timedelta

from sqlalchemy import func, select

from registration.models import Place, Registration, RegistrationState, Webinar
from registration.planning import WebinarDetails, add_webinar
from shared.db import Database, now
from tests.benchmarks.clients import Load

_CONFIRMED, _WAITLISTED = RegistrationState.CONFIRMED, RegistrationState.WAITLISTED


def add(database: Database, slug: str, places: int) -> str:
    """Add a webinar; return the path at which programs register for it."""
    with database.transaction("benchmark") as session:
        starts_at = now(session) + timedelta(days=7)
        details = WebinarDetails(
            title="Sleeping better",
            summary="What helps, and what does not.",
            expect="A talk, then questions.",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=1),
            capacity=places,
            joining_link="https://meet.example.org/secret",
        )
        add_webinar(session, details, slug=slug, by="the benchmark")
    return f"/v1/webinars/{slug}/registrations"


def check(database: Database, slug: str, load: Load) -> str:
    """Return what became of the registrations in words.

    Raises AssertionError when one was lost, a place sold twice or left empty while people wait.
    """
    with database.reading() as session:
        webinar = session.scalars(select(Webinar).where(Webinar.slug == slug)).one()
        mine = Registration.webinar_id == webinar.id
        counted = select(Registration.state, func.count()).where(mine).group_by("state")
        states = Counter({state: number for state, number in session.execute(counted)})
        taken = select(func.count(Place.registration_id)).where(Place.webinar_id == webinar.id)
        places = session.scalar(taken)
    accepted = load.answers.get("202", 0)

    assert load.answers == {"202": accepted}, load.answers
    assert states.total() == accepted, (states, accepted)
    assert places == states[_CONFIRMED] == min(accepted, webinar.capacity), (states, places)
    assert load.full == states[_WAITLISTED], (states, load.full)
    return f"{places} of {webinar.capacity} places, {states[_WAITLISTED]} wait, none oversold"
