"""The sender: hands each mail that is due to the mailer, never twice by its own doing."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import structlog
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from notifications.mail import Accepted, Later, Mail, Mailer, Outcome, Rejected, Unknown
from notifications.models import Delivery, DeliveryState, Lane, Standing
from notifications.rendering import Renderer
from shared.db import Database, database_now
from shared.messaging.worker import describe

BATCH = 50
# Longer than any call of a mailer may take: whoever is still sending then has died, or hangs.
CLAIM = timedelta(minutes=2)
_log = structlog.get_logger(__name__)


class Sender:
    """Any number may run on one database: a delivery is held by one of them at a time."""

    def __init__(self, database: Database, mailer: Mailer, renderer: Renderer) -> None:
        self._database = database
        self._mailer = mailer
        self._renderer = renderer
        self._id = uuid4()
        self._known: Mapping[UUID, Outcome] = {}  # and not recorded yet

    def run_once(self) -> int:
        """Return how many deliveries were taken up. Raises only when the database is away."""
        self._record()  # what could not be when the database went away
        taken = self._claim()
        claimed = [delivery for delivery in taken if delivery.state == DeliveryState.SENDING]
        if claimed:
            mails, unwritten = self._write(claimed)
            self._known = unwritten | self._send(mails)
            self._record()
        return len(taken)

    def take_over(self) -> None:
        """Let go of every claim, for a process that knows it is the only one.

        What a process left that was killed need not wait until its claims are overdue.
        """
        with self._database.transaction("claim") as session:
            self._release(session, _sending(), database_now(session))

    def _claim(self) -> Sequence[Delivery]:
        """Claim what is due, committed before anything is sent; skip what has been overtaken."""
        with self._database.transaction("claim") as session:
            moment = database_now(session)
            self._release(session, _overdue(moment), moment)
            due = session.scalars(_due(moment)).all()
            standings = _standings(session, due)
            for delivery in due:
                standing = standings.get(delivery.subject)
                if standing and delivery.is_overtaken_by(standing):
                    delivery.end(DeliveryState.SKIPPED, moment, reason="superseded")
                    _log_end(delivery)
                else:
                    delivery.claim(self._id, until=moment + CLAIM)
            # Should the database go away now, it may have taken this; but none has been sent.
            self._known = {delivery.id: Later() for delivery in due}
        self._known = {}
        return due

    def _release(self, session: Session, claims: Select[Delivery], moment: datetime) -> None:
        """Let go of what was claimed and never reported: it may have been sent, or not."""
        for delivery in session.scalars(claims):
            if self._mailer.idempotent:
                delivery.postpone(moment)
            else:
                delivery.end(DeliveryState.UNKNOWN, moment, reason="its sender never reported")
                _log_end(delivery)

    def _write(self, claimed: Sequence[Delivery]) -> tuple[list[Mail], dict[UUID, Outcome]]:
        """Return the mails, and what becomes of those that cannot be written."""
        mails: list[Mail] = []
        unwritten: dict[UUID, Outcome] = {}
        for delivery in claimed:
            try:
                mails.append(self._renderer.render(delivery, self._database.clock()))
            except Exception as error:  # a mistake in one mail must not hold up the others
                _log.exception("delivery.not_written", delivery=str(delivery.id))
                unwritten[delivery.id] = Rejected(f"could not be written: {describe(error)}")
        return mails, unwritten

    def _send(self, mails: Sequence[Mail]) -> dict[UUID, Outcome]:
        """Return what became of each mail. No transaction is open here."""
        try:
            outcomes = self._mailer.send(mails)
        except Exception:
            _log.exception("mailer.failed", mails=len(mails))
            outcomes = [Later() if self._mailer.idempotent else Unknown()] * len(mails)
        return {mail.id: outcome for mail, outcome in zip(mails, outcomes, strict=True)}

    def _record(self) -> None:
        """Record what is known, but not of what was taken from us meanwhile as overdue."""
        if not self._known:
            return
        with self._database.transaction("outcome") as session:
            moment = database_now(session)
            for delivery in session.scalars(_held(self._id, self._known)):
                _apply(self._known[delivery.id], delivery, moment)
        self._known = {}


def _apply(outcome: Outcome, delivery: Delivery, moment: datetime) -> None:
    match outcome:
        case Accepted():
            delivery.end(DeliveryState.ACCEPTED, moment)
        case Rejected(reason):
            delivery.end(DeliveryState.REJECTED, moment, reason=reason)
        case Unknown():
            delivery.end(DeliveryState.UNKNOWN, moment, reason="the mailer gave no answer")
        case Later(seconds):
            growing = 2.0 ** min(delivery.attempts, 10)
            delivery.postpone(moment + timedelta(seconds=max(seconds, growing)))
            return
    _log_end(delivery)


def _log_end(delivery: Delivery) -> None:
    known = {"delivery": str(delivery.id), "event_id": str(delivery.event_id)}
    known |= {"template": delivery.template, "state": delivery.state}
    failed = delivery.state in (DeliveryState.REJECTED, DeliveryState.UNKNOWN)
    (_log.error if failed else _log.info)("delivery.ended", **known)


def _standings(session: Session, deliveries: Sequence[Delivery]) -> dict[UUID, Standing]:
    subjects = {delivery.subject for delivery in deliveries}
    known = select(Standing).where(Standing.registration_id.in_(subjects))
    return {standing.registration_id: standing for standing in session.scalars(known)}


def _due(moment: datetime) -> Select[Delivery]:
    return (
        select(Delivery)
        .where(Delivery.state == DeliveryState.DUE, Delivery.lane == Lane.SERVICE)
        .where(Delivery.due_at <= moment)
        .order_by(Delivery.due_at, Delivery.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )


def _sending() -> Select[Delivery]:
    return (
        select(Delivery)
        .where(Delivery.state == DeliveryState.SENDING)
        .order_by(Delivery.claim_until)
        .with_for_update(skip_locked=True)
    )


def _overdue(moment: datetime) -> Select[Delivery]:
    return _sending().where(Delivery.claim_until < moment)


def _held(sender: UUID, ids: Mapping[UUID, Outcome]) -> Select[Delivery]:
    return (
        select(Delivery)
        .where(Delivery.state == DeliveryState.SENDING, Delivery.claimed_by == sender)
        .where(Delivery.id.in_(ids))
        .order_by(Delivery.id)
        .with_for_update()
    )
