"""Finding who registered for a webinar, for staff."""

from collections.abc import Sequence

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from registration.models import Registration, RegistrationState, Webinar

PAGE = 50


def registered(
    session: Session, webinar: Webinar, state: RegistrationState | None, *, page: int
) -> Sequence[Registration]:
    """Return one page of who is in *state*, or of all, in the order in which they registered."""
    wanted = _of(webinar, state).limit(PAGE).offset((page - 1) * PAGE)
    return session.scalars(wanted).all()


def every(session: Session, webinar: Webinar) -> Sequence[Registration]:
    """Return everybody, in the order in which they registered."""
    return session.scalars(_of(webinar, None)).all()


def called(session: Session, webinar: Webinar, text: str) -> Sequence[Registration]:
    """Return whose name or address has *text* in it, a page and one more at most."""
    parts = [
        func.lower(column).contains(text.lower(), autoescape=True)
        for column in (Registration.name, Registration.email)
    ]
    return session.scalars(_of(webinar, None).where(or_(*parts)).limit(PAGE + 1)).all()


def _of(webinar: Webinar, state: RegistrationState | None) -> Select[Registration]:
    mine = select(Registration).where(Registration.webinar_id == webinar.id)
    if state is not None:
        mine = mine.where(Registration.state == state)
    return mine.order_by(Registration.registered_at, Registration.id)
