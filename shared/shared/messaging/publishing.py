"""Recording an event in the transaction of the change that it states."""

from collections.abc import Collection, Iterable
from datetime import timedelta

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from shared import trace
from shared.contracts import Event
from shared.db import now
from shared.messaging.models import StoredEvent, Subject


def publish(session: Session, event: Event, *, about: Subject) -> None:
    """Record *event* about the row *about*, to be relayed once the transaction has committed.

    The caller has locked that row: so the order of its events is the order of its changes.
    """
    if inspect(about).pending:
        session.flush()  # a new row gets its id here
    _add(session, event, about)
    session.flush()


def publish_all(session: Session, facts: Iterable[tuple[Event, Subject]]) -> None:
    """Record events about rows that are locked and known, in order, written all at once."""
    for event, about in facts:
        _add(session, event, about)
    session.flush()


def _add(session: Session, event: Event, about: Subject) -> None:
    about.subject_version += 1
    origin = trace.current()
    session.add(
        StoredEvent(
            type=event.type,
            time=now(session),
            subject=str(about.id),
            subject_version=about.subject_version,
            correlation_id=origin.correlationid,
            causation_id=origin.causationid,
            traceparent=origin.traceparent,
            visibility=event.visibility,
            data=event.dump(),
        )
    )


def count_recent(
    session: Session, event: type[Event], *, about: Collection[str], within: timedelta
) -> int:
    """Return how many events of this type about these subjects were recorded lately."""
    return session.scalars(
        select(func.count())
        .select_from(StoredEvent)
        .where(StoredEvent.subject.in_(about), StoredEvent.type == event.type)
        .where(StoredEvent.time > now(session) - within)
    ).one()
