"""How events stand in one service's database: measured when somebody looks."""

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, defer

from shared.contracts import registry
from shared.db import Database, database_now
from shared.messaging import dead
from shared.messaging.models import ReceivedEvent, State, StoredEvent


class EventMeasures(Collector):
    """How late events are, and how many need a person."""

    def __init__(self, service: str, database: Database) -> None:
        self._service = service
        self._database = database
        self._handled = handled_by(service)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the families; none while the database is away: /readyz tells of that."""
        try:
            with self._database.reading() as session:
                yield from self._measured(session)
        except SQLAlchemyError:
            return

    def _measured(self, session: Session) -> Iterator[GaugeMetricFamily]:
        yield self._gauge(
            "coproduce_events_unpublished_seconds",
            "For how long the oldest event that is not yet published has been so.",
            waited(session, oldest_unpublished(session)),
        )
        yield self._gauge(
            "coproduce_inbox_dead",
            "Received events that could not be handled and wait for a person.",
            dead.count(session),
        )
        waiting = GaugeMetricFamily(
            "coproduce_inbox_seconds",
            "For how long the oldest received event of a type has waited for its handler.",
            labels=["service", "type"],
        )
        for type in self._handled:
            oldest = oldest_waiting(session, type)
            waiting.add_metric([self._service, type], waited(session, oldest))
        yield waiting

    def _gauge(self, name: str, meaning: str, value: float) -> GaugeMetricFamily:
        family = GaugeMetricFamily(name, meaning, labels=["service"])
        family.add_metric([self._service], value)
        return family


def handled_by(service: str) -> list[str]:
    """Return the types of the events that *service* reacts to."""
    return sorted(type for type, event in registry.items() if service in event.consumers)


def oldest_unpublished(session: Session) -> StoredEvent | None:
    """Return the event that is not yet published for longest, without its data."""
    waiting = select(StoredEvent).where(StoredEvent.published_at.is_(None))
    oldest = waiting.order_by(StoredEvent.position).limit(1)
    return session.scalars(oldest.options(defer(StoredEvent.data))).first()


def oldest_waiting(session: Session, type: str) -> ReceivedEvent | None:
    """Return the received event of *type* that has waited longest for its handler; no body."""
    waiting = select(ReceivedEvent).where(ReceivedEvent.state == State.NEW)
    oldest = waiting.where(ReceivedEvent.type == type).order_by(ReceivedEvent.id).limit(1)
    return session.scalars(oldest.options(defer(ReceivedEvent.body))).first()


def waited(session: Session, event: StoredEvent | ReceivedEvent | None) -> float:
    """Return for how many seconds *event* has waited."""
    if event is None:
        return 0.0
    since = event.time if isinstance(event, StoredEvent) else event.received_at
    return max(0.0, (database_now(session) - since).total_seconds())
