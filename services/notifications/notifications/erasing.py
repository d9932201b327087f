"""Forgetting somebody: what was written to them is blanked, and whatever comes of them later."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, delete, null, or_, select, update
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from notifications.models import (
    Delivery,
    DeliveryState,
    ErasedLetter,
    Erasure,
    Purpose,
    Receipt,
    Recipient,
    Standing,
    Suppression,
)
from notifications.permissions import withdraw
from shared.contracts.notifications import ErasureCompleted
from shared.db import Database, database_now, insert, now
from shared.messaging import publish
from shared.messaging.forgetting import erase as erase_subject

ERASED = "erased"  # what stands where words were, and why a mail is not sent
Held = tuple[str, datetime]  # by what key an address is known, and until when it was theirs
Destroy = Callable[[Collection[UUID]], None]
_WORDING = "Delete everything you hold about me"


def erasure_of(session: Session, member_id: UUID) -> Erasure:
    """Return the erasure of who was this member, locked."""
    blank = {"id": uuid7(), "subject_version": 0, "member_id": member_id}
    new = insert(session, Erasure).values(blank)
    session.execute(new.on_conflict_do_nothing(index_elements=["member_id"]))
    known = select(Erasure).where(Erasure.member_id == member_id).with_for_update()
    return session.scalars(known).one()


def note_asked(erasure: Erasure, moment: datetime) -> None:
    """Note that it was asked for at *moment*; when asked again it is to be said again."""
    if erasure.asked_at is None or erasure.asked_at < moment:
        erasure.asked_at, erasure.completed_at = moment, None


def note_answered(erasure: Erasure, moment: datetime) -> None:
    """Note that registration has done what was asked for at *moment*."""
    if erasure.registration_at is None or erasure.registration_at < moment:
        erasure.registration_at = moment


def forget(
    session: Session,
    erasure: Erasure,
    *,
    addresses: Sequence[Held],
    subjects: Sequence[UUID],
) -> None:
    """Blank what was made for addresses while theirs, and of *subjects* whenever it was made.

    Keys stay: by them nothing is mailed twice, and who was suppressed is not written to. What is
    told of *subjects* from now on has no effect.
    """
    deliveries = _deliveries(session, addresses, subjects)
    for delivery in deliveries:
        _blank(delivery, database_now(session))
    ids = [delivery.id for delivery in deliveries]
    rows = [{"delivery_id": id, "erasure_id": erasure.id} for id in ids]
    if rows:
        session.execute(insert(session, ErasedLetter).on_conflict_do_nothing(), rows)
    session.execute(update(Receipt).where(Receipt.delivery_id.in_(ids)).values(body=null()))
    for address_key, until in addresses:
        _blank_receipts(session, address_key, until)
        _blank_suppressions(session, address_key, until)
        _end_permission(session, address_key, until)
    session.execute(delete(Standing).where(Standing.registration_id.in_(subjects)))
    for subject in subjects:
        erase_subject(session, str(subject))


class Eraser:
    """Destroys letters to people who are forgotten, and says when nothing is left of somebody."""

    def __init__(self, database: Database, destroy: Destroy) -> None:
        """*destroy* removes the letters of deliveries, wherever a mailer has kept them."""
        self._database = database
        self._destroy = destroy

    def run_once(self) -> int:
        """Return how many letters were destroyed and how many erasures completed."""
        with self._database.reading() as session:
            waiting = session.scalars(_waiting()).all()
        if not waiting:
            return 0
        with self._database.transaction("letters") as session:
            locked = session.scalars(_waiting().with_for_update(skip_locked=True)).all()
            return sum(self._finish(session, erasure) for erasure in locked)

    def _finish(self, session: Session, erasure: Erasure) -> int:
        letters = select(ErasedLetter.delivery_id).where(ErasedLetter.erasure_id == erasure.id)
        ids = set(session.scalars(letters))
        # Whoever sends one may still be writing it.
        sending = select(Delivery.id).where(
            Delivery.id.in_(ids), Delivery.state == DeliveryState.SENDING
        )
        finished = ids - set(session.scalars(sending))
        self._destroy(finished)
        session.execute(delete(ErasedLetter).where(ErasedLetter.delivery_id.in_(finished)))
        if finished == ids and erasure.is_answered:
            erasure.completed_at = now(session)
            publish(session, ErasureCompleted(member_id=erasure.member_id), about=erasure)
            return len(finished) + 1
        return len(finished)


def _waiting() -> Select[Erasure]:
    return select(Erasure).where(Erasure.completed_at.is_(None)).order_by(Erasure.id).limit(100)


def _deliveries(
    session: Session, addresses: Sequence[Held], subjects: Sequence[UUID]
) -> Sequence[Delivery]:
    theirs = [
        (Delivery.address_key == address_key) & (Delivery.created_at <= until)
        for address_key, until in addresses
    ]
    meant = select(Delivery).where(or_(*theirs, Delivery.subject.in_(subjects)))
    return session.scalars(meant.order_by(Delivery.id).with_for_update()).all()


def _blank(delivery: Delivery, moment: datetime) -> None:
    delivery.address = delivery.name = delivery.context = None
    delivery.reason = ERASED  # by which nobody finds it who knows the address
    if delivery.state == DeliveryState.DUE:
        delivery.state, delivery.ended_at = DeliveryState.SKIPPED, moment


def _blank_receipts(session: Session, address_key: str, until: datetime) -> None:
    theirs = (Receipt.address_key == address_key) & (Receipt.received_at <= until)
    session.execute(update(Receipt).where(theirs).values(body=null()))


def _blank_suppressions(session: Session, address_key: str, until: datetime) -> None:
    found = select(Suppression).where(
        Suppression.address_key == address_key, Suppression.suppressed_at <= until
    )
    for suppression in session.scalars(found.with_for_update()):
        suppression.address, suppression.evidence = None, ERASED
        if suppression.lifted_because:
            suppression.lifted_because = ERASED


def _end_permission(session: Session, address_key: str, until: datetime) -> None:
    known = select(Recipient).where(Recipient.address_key == address_key).with_for_update()
    if recipient := session.scalar(known):
        purpose = Purpose.WEBINAR_INVITATIONS
        withdraw(session, recipient, purpose, wording=_WORDING, stated_at=until)
