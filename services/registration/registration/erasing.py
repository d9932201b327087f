"""Forgetting somebody: their registrations are emptied, and whatever is told of them later."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from registration import places
from registration.models import Erasure, Registration, RegistrationState
from shared.contracts.membership import ErasureRequested
from shared.contracts.registration import ErasureCompleted
from shared.db import now
from shared.messaging import publish
from shared.messaging.forgetting import erase as erase_subject


def forget(session: Session, asked: ErasureRequested, *, member_id: UUID) -> None:
    """Empty all that their addresses had registered for while theirs, and publish that it is done.

    Its places are free at once; nobody is told, since nobody is to be written to.
    """
    registrations = session.scalars(
        select(Registration)
        .where(or_(*(_theirs(*address) for address in asked.addresses)))
        .order_by(Registration.id)
        .with_for_update()
    ).all()
    before = session.scalars(
        select(Registration.id).where(Registration.address_key.startswith(_mark(member_id)))
    ).all()
    for registration in registrations:
        _empty(session, registration, _mark(member_id), now(session))
    for subject in asked.subjects:
        erase_subject(session, str(subject))
    # Those emptied before as well: whoever asks again may have put back a backup that names them.
    _complete(session, asked, member_id, [*before, *(each.id for each in registrations)])


def _theirs(address_key: str, until: datetime) -> ColumnElement[bool]:
    return (Registration.address_key == address_key) & (Registration.registered_at <= until)


def _mark(member_id: UUID) -> str:
    return f"erased:{member_id}:"


def _empty(session: Session, registration: Registration, mark: str, moment: datetime) -> None:
    if registration.webinar.ends_at > moment:  # later it only counts among those who had one
        places.free(session, registration)
        registration.state = RegistrationState.WITHDRAWN
    registration.address_key = f"{mark}{registration.id}"  # the address may register anew
    registration.email = registration.name = registration.description = ""
    registration.access_needs = registration.question = ""
    registration.link_generation += 1
    erase_subject(session, str(registration.id))


def _complete(
    session: Session, asked: ErasureRequested, member_id: UUID, subjects: list[UUID]
) -> None:
    # A subject of its own: whatever is told of the member from now on has no effect anywhere.
    erasure = Erasure(member_id=member_id, completed_at=now(session))
    session.add(erasure)
    completed = ErasureCompleted(
        member_id=member_id,
        address_key=asked.address_key,
        subjects=subjects,
        requested_at=asked.requested_at,
    )
    publish(session, completed, about=erasure)
