"""What people do with registrations. Each takes a session and leaves committing to its caller."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from registration import facts, places
from registration.models import Registration, RegistrationState, Webinar
from shared.contracts.registration import RegistrationLinkRequested
from shared.db import insert, now
from shared.messaging import count_recent, publish

LINKS_A_DAY = 3
# Who presses the button twice means it once.
SAME_MOMENT = timedelta(minutes=1)


class Closed(Exception):
    """The webinar takes no registrations: it has ended, or was cancelled."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """What somebody typed into the form; `email` in ASCII form."""

    email: str
    address_key: str = field(repr=False)
    name: str
    description: str = ""
    access_needs: str = ""
    question: str = ""
    wants_invitations: bool = False


def register(session: Session, webinar: Webinar, person: Person) -> bool:
    """Give *person* a place, or a place on the waiting list; return whether it was full.

    An address that is known already gets a place if it was waiting and one is free; otherwise
    only its link again, by mail, a few times a day. The answer is the same for all, so that it
    tells nobody who is registered. Raises Closed.
    """
    if webinar.is_closed(now(session)):
        raise Closed(webinar.slug)
    registration = _row(session, webinar, person)
    standing = registration.state
    if standing == RegistrationState.CONFIRMED:
        has_room = places.has_room(session, webinar)
    else:
        has_room = places.take(session, webinar, registration)
        _enter(registration, person, now(session), seated=has_room)
    if registration.state != standing:
        registration.edition = webinar.edition
        publish(session, facts.entered(registration, webinar), about=registration)
    elif _link_is_due(session, registration):
        publish(session, facts.link_requested(registration, webinar), about=registration)
    if person.wants_invitations:
        wanted = facts.invitations_wanted(registration, now(session))
        publish(session, wanted, about=registration)
    return not has_room


def withdraw(session: Session, registration: Registration) -> None:
    """Free the place of a locked *registration* at once.

    Do nothing if it is withdrawn already, or if there is no webinar to come to any more.
    """
    is_closed = registration.webinar.is_closed(now(session))
    if is_closed or registration.state == RegistrationState.WITHDRAWN:
        return
    places.free(session, registration)
    registration.state = RegistrationState.WITHDRAWN
    # What was told for this webinar alone has no further use.
    registration.description = registration.access_needs = registration.question = ""
    publish(session, facts.withdrawn(registration, registration.webinar), about=registration)


def _row(session: Session, webinar: Webinar, person: Person) -> Registration:
    """Return the address's row, locked; a new one is withdrawn until it is entered."""
    blank = {
        "id": uuid7(),
        "webinar_id": webinar.id,
        "address_key": person.address_key,
        "state": RegistrationState.WITHDRAWN,
        "registered_at": now(session),
        "edition": webinar.edition,
        **_told(person),
    }
    new = session.scalar(
        insert(session, Registration)
        .values(blank)
        .on_conflict_do_nothing(index_elements=["webinar_id", "address_key"])
        .returning(Registration)
    )
    if new:
        return new  # type: ignore[no-any-return]
    known = select(Registration).filter_by(webinar_id=webinar.id, address_key=person.address_key)
    return session.scalars(known.with_for_update()).one()


def _enter(registration: Registration, person: Person, moment: datetime, *, seated: bool) -> None:
    if registration.state == RegistrationState.WITHDRAWN:
        for name, value in _told(person).items():
            setattr(registration, name, value)
        registration.registered_at = moment
        registration.link_generation += 1  # links of an earlier, withdrawn one stay dead
        registration.state = RegistrationState.WAITLISTED
    if seated:
        registration.state = RegistrationState.CONFIRMED


def _link_is_due(session: Session, registration: Registration) -> bool:
    """Return whether to mail the link once more: neither at once nor for ever."""
    same = select(Registration.id).where(Registration.address_key == registration.address_key)
    everywhere = [str(id) for id in session.scalars(same)]
    sent = partial(count_recent, session, RegistrationLinkRequested)
    return (
        registration.registered_at < now(session) - SAME_MOMENT
        and not sent(about=[str(registration.id)], within=SAME_MOMENT)
        and sent(about=everywhere, within=timedelta(days=1)) < LINKS_A_DAY
    )


def _told(person: Person) -> dict[str, str]:
    told = ("email", "name", "description", "access_needs", "question")
    return {name: getattr(person, name) for name in told}
