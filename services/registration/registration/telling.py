"""Telling registered people of a change, each once, in steps that hold up nobody.

An edition of a webinar is what registered people go by: when it is, where to join, whether it
takes place. Each registration knows which edition its person was told of; whoever is behind is
told, however they came to be so, and whatever died in between.
"""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from registration import facts
from registration.models import Registration, RegistrationState, Revision, Webinar
from registration.revisions import kept
from shared.db import Database, now
from shared.messaging import publish

MOST = 200  # people a step


def tell_next(database: Database) -> int:
    """Tell those who are behind what they go by now; return how many were brought up to it."""
    with database.reading() as session:
        if session.scalar(_behind(session).limit(1)) is None:
            return 0
    with database.transaction("tell") as session:
        behind = _behind(session).limit(MOST)
        found = session.scalars(behind.with_for_update(of=Registration, skip_locked=True)).all()
        for registration in found:
            _tell(session, registration)
    return len(found)


def _behind(session: Session) -> Select[Registration]:
    return (
        select(Registration)
        .join(Registration.webinar)
        .where(Registration.edition < Webinar.edition, Webinar.ends_at > now(session))
        .where(Registration.state != RegistrationState.WITHDRAWN)
    )


def _tell(session: Session, registration: Registration) -> None:
    webinar = registration.webinar
    last = session.get_one(Revision, (webinar.id, registration.edition))
    registration.edition = webinar.edition
    if webinar.is_cancelled:
        publish(session, facts.cancelled(registration, webinar), about=registration)
    elif fact := facts.access_changed(registration, webinar, kept(last)):
        publish(session, fact, about=registration)
