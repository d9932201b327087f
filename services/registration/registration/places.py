"""Taking and freeing places: never more than there are, whoever comes at the same moment."""

from sqlalchemy import ScalarSelect, Select, Update, select, update
from sqlalchemy.orm import Session

from registration.models import Place, Registration, Webinar


def take(session: Session, webinar: Webinar, registration: Registration) -> bool:
    """Give a locked *registration* a free place; return False when there is none.

    Others' places are passed by at first; only when no other is left we wait for those that
    are just being taken, since one of them may yet become free again. Who waited in vain looks
    again: a place that somebody gave up meanwhile was not free when the waiting began.
    """
    wanted = _free(webinar)

    def given(free: Select[int]) -> bool:
        with session.begin_nested() as search:
            place = session.scalar(_filled(webinar, free.scalar_subquery(), registration))
            if place is None:
                # What was looked at in vain is locked. Two who go on to wait with that in hand
                # may each wait for the other.
                search.rollback()
        return place is not None

    taken = given(wanted.with_for_update(skip_locked=True))
    while not taken and has_room(session, webinar):
        taken = given(wanted.with_for_update())
    return taken


def has_room(session: Session, webinar: Webinar) -> bool:
    """Return whether a place is free, as far as is known yet."""
    return session.scalar(_free(webinar)) is not None


def free(session: Session, registration: Registration) -> None:
    """Make the place of *registration*, if it has one, free for anybody at once."""
    session.execute(
        update(Place).where(Place.registration_id == registration.id).values(registration_id=None)
    )


def _free(webinar: Webinar) -> Select[int]:
    return (
        select(Place.number)
        .where(Place.webinar_id == webinar.id, Place.registration_id.is_(None))
        # True of all. Without it SQLite sorts all that are free, to find the first.
        .where(Place.number > 0)
        .order_by(Place.number)
        .limit(1)
    )


def _filled(webinar: Webinar, number: ScalarSelect[int], registration: Registration) -> Update:
    """Return what gives away the place *number*, found and locked in the same statement."""
    return (
        update(Place)
        .where(Place.webinar_id == webinar.id, Place.number == number)
        .values(registration_id=registration.id)
        .returning(Place.number)
        .execution_options(synchronize_session=False)
    )
