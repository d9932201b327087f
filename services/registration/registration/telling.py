"""Telling registered people of a change, each once, in steps that hold up nobody.

An edition of a webinar is what registered people go by: when it is, where to join, whether it
takes place. Each registration knows which edition its person was told of; whoever is behind is
told, however they came to be so, and whatever died in between.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from registration import facts
from registration.details import WebinarDetails
from registration.models import Registration, RegistrationState, Revision, Webinar
from registration.revisions import kept
from shared.contracts import Event
from shared.db import Database, now
from shared.messaging import publish_all

MOST = 200  # people a step
_Editions = Mapping[tuple[UUID, int], WebinarDetails]


def tell_next(database: Database) -> int:
    """Tell those who are behind what they go by now; return how many were brought up to it."""
    with database.reading() as session:
        if session.scalar(_behind(session).limit(1)) is None:
            return 0
    with database.transaction("tell") as session:
        behind = _behind(session).limit(MOST)
        found = session.scalars(behind.with_for_update(of=Registration, skip_locked=True)).all()
        editions = _editions(session, found)
        publish_all(session, [fact for each in found if (fact := _told(each, editions))])
    return len(found)


def _behind(session: Session) -> Select[Registration]:
    return (
        select(Registration)
        .join(Registration.webinar)
        .where(Registration.edition < Webinar.edition, Webinar.ends_at > now(session))
        .where(Registration.state != RegistrationState.WITHDRAWN)
    )


def _editions(session: Session, found: Iterable[Registration]) -> _Editions:
    """Return what those who are *found* go by."""
    keys = {(registration.webinar_id, registration.edition) for registration in found}
    return {key: kept(session.get_one(Revision, key)) for key in keys}


def _told(registration: Registration, editions: _Editions) -> tuple[Event, Registration] | None:
    """Bring a locked *registration* up to its webinar; return what its person is to be told."""
    webinar = registration.webinar
    last = editions[webinar.id, registration.edition]
    registration.edition = webinar.edition
    if webinar.is_cancelled:
        return facts.cancelled(registration, webinar), registration
    changed = facts.access_changed(registration, webinar, last)
    return (changed, registration) if changed else None
