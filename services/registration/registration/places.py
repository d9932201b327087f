"""Taking and freeing places: never more than there are, whoever comes at the same moment."""

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from registration.models import Place, Registration, Webinar


def take(session: Session, webinar: Webinar) -> Place | None:
    """Return a free place, locked until the transaction ends; None when there is none.

    Others' places are passed by at first; only when no other is left we wait for those that
    are just being taken, since one of them may yet become free again. Who waited in vain looks
    again: a place that somebody gave up meanwhile was not free when the waiting began.
    """
    wanted = _free(webinar)
    place = session.scalar(wanted.with_for_update(skip_locked=True))
    while place is None and session.scalar(wanted) is not None:
        place = session.scalar(wanted.with_for_update())
    return place


def free(session: Session, registration: Registration) -> None:
    """Make the place of *registration*, if it has one, free for anybody at once."""
    session.execute(
        update(Place).where(Place.registration_id == registration.id).values(registration_id=None)
    )


def _free(webinar: Webinar) -> Select[Place]:
    return (
        select(Place)
        .where(Place.webinar_id == webinar.id, Place.registration_id.is_(None))
        .order_by(Place.number)
        .limit(1)
    )
