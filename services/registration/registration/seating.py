"""Giving the places that staff add to who has waited longest, in steps that hold up nobody."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from registration import capacity, facts, places
from registration.models import Registration, RegistrationState, Webinar, WebinarState
from shared.db import Database, now
from shared.messaging import publish

MOST = 200  # people a step: its transaction takes a part of a second


def seat(session: Session, webinar: Webinar) -> int:
    """Make places of a locked *webinar* up to its capacity; return how many people were seated.

    While more people wait than one step can seat, only their places are made: nobody who comes
    later is given one before them.
    """
    missing = webinar.capacity - webinar.placed
    if missing <= 0 or webinar.is_closed(now(session)):
        return 0
    waiting = _waiting(session, webinar)  # locked before any place, as everybody does
    capacity.make(session, webinar, min(missing, MOST) if len(waiting) == MOST else missing)
    seated = 0
    for registration in waiting:
        if not places.take(session, webinar, registration):
            break
        registration.state = RegistrationState.CONFIRMED
        registration.edition = webinar.edition
        publish(session, facts.entered(registration, webinar), about=registration)
        seated += 1
    return seated


def seat_next(database: Database) -> int:
    """Seat who waits for places that are not made yet; return how many webinars were looked at."""
    lacking = (
        select(Webinar)
        .where(Webinar.placed < Webinar.capacity, Webinar.state == WebinarState.PUBLISHED)
        .limit(1)
    )
    with database.reading() as session:
        if session.scalar(lacking.where(Webinar.ends_at > now(session))) is None:
            return 0
    with database.transaction("seat") as session:
        webinar = session.scalar(
            lacking.where(Webinar.ends_at > now(session)).with_for_update(key_share=True)
        )
        if webinar is not None:
            seat(session, webinar)
    return 1


def _waiting(session: Session, webinar: Webinar) -> Sequence[Registration]:
    return session.scalars(
        select(Registration)
        .where(Registration.webinar_id == webinar.id)
        .where(Registration.state == RegistrationState.WAITLISTED)
        .order_by(Registration.registered_at, Registration.id)
        .limit(MOST)
        .with_for_update()
    ).all()
