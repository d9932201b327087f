"""The relay: gives recorded events their place in history, then hands them on."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, or_, select, update

from shared.contracts import Envelope
from shared.db import Database, among, database_now
from shared.messaging.leadership import leadership
from shared.messaging.models import Instance, StoredEvent
from shared.messaging.transport import Outgoing, Transport

BATCH = 500
_LONGEST_REFUSAL = timedelta(minutes=15)


class Relay:
    """Publishes one database's events; any number may run, one at a time is active."""

    def __init__(self, database: Database, transport: Transport) -> None:
        self._database = database
        self._transport = transport
        self._source: str | None = None

    def run_once(self) -> int:
        """Return how many events were handed on. Raises what the transport raises."""
        with leadership(self._database) as leading:
            if not leading:
                return 0
            self._number()
            batch = self._waiting()
            if not batch:
                return 0
            confirmed = self._transport.deliver(batch)
            self._mark(batch, confirmed)
            return len(confirmed)

    def _number(self) -> None:
        """Give new events the next positions, and commit before any of them is seen.

        A reader that goes by position can so never pass one that commits late.
        """
        new = select(StoredEvent.id).where(StoredEvent.position.is_(None))
        with self._database.reading() as session:
            # In order, so that it is the index that is asked, not the whole history.
            if session.scalar(new.order_by(StoredEvent.id).limit(1)) is None:
                return
        rank = func.row_number().over(order_by=StoredEvent.id).label("rank")
        ranked = new.add_columns(rank).order_by(StoredEvent.id).limit(BATCH).subquery()
        with self._database.transaction("relay.number") as session:
            last = session.scalar(select(func.max(StoredEvent.position))) or 0
            session.execute(
                update(StoredEvent)
                # Looked at anew should a relay that lost its lock unawares have been faster.
                .where(StoredEvent.id == ranked.c.id, StoredEvent.position.is_(None))
                .values(position=last + ranked.c.rank)
                .execution_options(synchronize_session=False)
            )

    def _waiting(self) -> list[Outgoing]:
        with self._database.reading() as session:
            moment = database_now(session)
            source = self._source = self._source or session.get_one(Instance, 1).source
            rows = session.scalars(
                select(StoredEvent)
                .where(StoredEvent.published_at.is_(None), StoredEvent.position.is_not(None))
                .where(or_(StoredEvent.due_at.is_(None), StoredEvent.due_at <= moment))
                .order_by(StoredEvent.position)
                .limit(BATCH)
            )
            return [Outgoing.of(envelope_of(row, source)) for row in rows]

    def _mark(self, batch: Sequence[Outgoing], confirmed: set[int]) -> None:
        refused = {outgoing.position for outgoing in batch} - confirmed
        with self._database.transaction("relay.mark") as session:
            moment = database_now(session)
            session.execute(
                update(StoredEvent)
                .where(among(session, StoredEvent.position, confirmed))
                .values(published_at=moment)
            )
            for row in session.scalars(
                select(StoredEvent).where(StoredEvent.position.in_(refused))
            ):
                row.refusals += 1
                pause = timedelta(seconds=2 ** min(row.refusals, 10))
                row.due_at = moment + min(pause, _LONGEST_REFUSAL)


def envelope_of(row: StoredEvent, source: str) -> Envelope:
    """Return the numbered event *row* as it travels; it has no data once that was blanked."""
    return Envelope(
        id=row.event_id,
        source=source,
        type=row.type,
        time=row.time,
        subject=row.subject,
        subjectversion=row.subject_version,
        sequence=f"{row.position:020d}",
        correlationid=row.correlation_id,
        causationid=row.causation_id,
        traceparent=row.traceparent,
        dataref=row.dataref,
        data=row.data,
    )
