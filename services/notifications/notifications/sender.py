"""The sender: hands each mail that is due to the mailer, never twice by its own doing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import structlog
from sqlalchemy.orm import Session

from notifications import claims
from notifications.gate import barred
from notifications.mail import (
    Accepted,
    Later,
    Mail,
    Mailer,
    MailerStopped,
    Outcome,
    Refused,
    Rejected,
    Unknown,
)
from notifications.models import Delivery, DeliveryState, Lane
from notifications.rendering import Renderer
from shared.db import Database, database_now
from shared.messaging.worker import describe

# Few enough that nobody who waits for a mail waits for many others; or two full requests, and no
# more, because what a killed sender has claimed is unknown until the provider tells.
BATCHES = {Lane.SERVICE: 50, Lane.BULK: 1000}
NO_ANSWER = "the mailer gave no answer"
_REFUSED_PAUSE = 60.0  # seconds until what a stopped mailer was handed is due again
_log = structlog.get_logger(__name__)
Ended = dict[tuple[DeliveryState, str | None], list[UUID]]


class Sender:
    """Sends one lane. Any number may run: a delivery is held by one of them at a time."""

    def __init__(
        self, database: Database, mailer: Mailer, renderer: Renderer, lane: Lane = Lane.SERVICE
    ) -> None:
        self._database = database
        self._mailer = mailer
        self._renderer = renderer
        self._lane = lane
        self._id = uuid4()
        self._held: Mapping[UUID, Delivery] = {}
        self._known: Mapping[UUID, Outcome] = {}  # of what is held, and not recorded yet

    def run_once(self) -> int:
        """Return how many deliveries were taken up.

        Raises MailerStopped when the provider wants none of our mail, and what the database does.
        """
        self._record()  # what could not be when the database went away
        taken, claimed = self._claim()
        if claimed:
            mails, unwritten = self._write(claimed)
            mails = self._still_wanted(claimed, mails)
            self._known = unwritten | self._send(mails)
            self._record()
        return taken

    def take_over(self) -> None:
        """Let go of every claim, for a process that knows it is the only one.

        What a process left that was killed need not wait until its claims are overdue.
        """
        with self._database.transaction("claim") as session:
            redo = self._mailer.idempotent
            claims.release(session, claims.every(), database_now(session), redo=redo)

    def _claim(self) -> tuple[int, Sequence[Delivery]]:
        """Claim what is due, committed before anything is sent; return how many, and those to send.

        What nobody should have any more is skipped.
        """
        with self._database.transaction("claim") as session:
            moment = database_now(session)
            redo = self._mailer.idempotent
            lost = claims.release(session, claims.overdue(moment), moment, redo=redo)
            most = BATCHES[self._lane]
            taken = claims.claim(session, self._lane, self._id, moment, most=most)
            # Should the database go away before the call, none of this has been sent.
            self._held = {delivery.id: delivery for delivery in taken}
            self._known = dict.fromkeys(self._held, Later())
            kept = self._skip_barred(session, taken, moment)
        _tell({(DeliveryState.UNKNOWN, None): [*lost]})
        return len(taken), kept

    def _skip_barred(
        self, session: Session, taken: Sequence[Delivery], moment: datetime
    ) -> list[Delivery]:
        """Skip those of *taken* that nobody should have; return the others."""
        bars = barred(session, taken)
        ended: Ended = defaultdict(list)
        for id, bar in bars.items():
            ended[DeliveryState.SKIPPED, bar].append(id)
        self._end(session, ended, moment)
        return [delivery for delivery in taken if delivery.id not in bars]

    def _still_wanted(self, claimed: Sequence[Delivery], mails: Sequence[Mail]) -> list[Mail]:
        """Return the *mails* that may go: who said no since they were claimed is left out."""
        with self._database.reading() as session:
            bars = barred(session, claimed)
        if not bars:
            return [*mails]
        with self._database.transaction("skip") as session:
            kept = self._skip_barred(session, claimed, database_now(session))
        ids = {delivery.id for delivery in kept}
        return [mail for mail in mails if mail.id in ids]

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
        if not mails:
            return {}
        try:
            outcomes = self._mailer.send(mails)
        except Exception:
            _log.exception("mailer.failed", mails=len(mails))
            outcomes = [Later() if self._mailer.idempotent else Unknown()] * len(mails)
        return {mail.id: outcome for mail, outcome in zip(mails, outcomes, strict=True)}

    def _record(self) -> None:
        """Record what is known, but not of what was taken from us meanwhile as overdue.

        Raises MailerStopped when the provider wants none of our mail.
        """
        if not self._known:
            return
        ended: Ended = defaultdict(list)
        with self._database.transaction("outcome") as session:
            moment = database_now(session)
            for id, outcome in self._known.items():
                if end := _end_of(outcome):
                    ended[end].append(id)
                else:
                    pause = _pause(outcome, self._held[id].attempts)
                    claims.postpone(session, self._id, id, moment + pause)
            self._end(session, ended, moment)
        outcomes, self._known = self._known, {}
        for outcome in outcomes.values():
            if isinstance(outcome, Refused):
                raise MailerStopped(outcome.remedy)

    def _end(self, session: Session, ended: Ended, moment: datetime) -> None:
        for (state, reason), ids in ended.items():
            claims.end(session, self._id, ids, moment, state=state, reason=reason)
        _tell(ended)


def _end_of(outcome: Outcome) -> tuple[DeliveryState, str | None] | None:
    """Return how *outcome* ends a delivery; None where it is to be tried again."""
    match outcome:
        case Accepted():
            return DeliveryState.ACCEPTED, None
        case Rejected(reason):
            return DeliveryState.REJECTED, reason
        case Unknown():
            return DeliveryState.UNKNOWN, NO_ANSWER
    return None


def _pause(outcome: Outcome, attempts: int) -> timedelta:
    """Return how long to wait: as the provider says, and longer with each attempt."""
    asked = outcome.seconds if isinstance(outcome, Later) else _REFUSED_PAUSE
    return timedelta(seconds=max(asked, 2.0 ** min(attempts, 10)))


def _tell(ended: Mapping[tuple[DeliveryState, str | None], Sequence[UUID]]) -> None:
    for (state, _), ids in ended.items():
        if ids:
            failed = state in (DeliveryState.REJECTED, DeliveryState.UNKNOWN)
            tell = _log.error if failed else _log.info
            tell("deliveries.ended", state=state, count=len(ids), deliveries=[str(i) for i in ids])
