"""How events stand in one service's database: measured when somebody looks."""

from collections.abc import Iterator
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Select, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from shared.contracts import registry
from shared.db import Database, database_now
from shared.messaging.models import ReceivedEvent, State, StoredEvent


class EventMeasures(Collector):
    """How late events are, and how many need a person."""

    def __init__(self, service: str, database: Database) -> None:
        self._service = service
        self._database = database
        self._handled = sorted(t for t, event in registry.items() if service in event.consumers)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the families; none while the database is away: /readyz tells of that."""
        try:
            with self._database.reading() as session:
                yield from self._measured(session)
        except SQLAlchemyError:
            return

    def _measured(self, session: Session) -> Iterator[GaugeMetricFamily]:
        moment = database_now(session)
        yield self._gauge(
            "coproduce_events_unpublished_seconds",
            "For how long the oldest event that is not yet published has been so.",
            _age(session, _unpublished(), moment),
        )
        yield self._gauge(
            "coproduce_inbox_dead",
            "Received events that could not be handled and wait for a person.",
            session.scalar(_dead()) or 0,
        )
        waiting = GaugeMetricFamily(
            "coproduce_inbox_seconds",
            "For how long the oldest received event of a type has waited for its handler.",
            labels=["service", "type"],
        )
        for type in self._handled:
            waiting.add_metric([self._service, type], _age(session, _waiting(type), moment))
        yield waiting

    def _gauge(self, name: str, meaning: str, value: float) -> GaugeMetricFamily:
        family = GaugeMetricFamily(name, meaning, labels=["service"])
        family.add_metric([self._service], value)
        return family


def _age(session: Session, oldest: Select[datetime], moment: datetime) -> float:
    since = session.scalar(oldest)
    return max(0.0, (moment - since).total_seconds()) if since else 0.0


def _unpublished() -> Select[datetime]:
    waiting = select(StoredEvent.time).where(StoredEvent.published_at.is_(None))
    return waiting.order_by(StoredEvent.position).limit(1)


def _waiting(type: str) -> Select[datetime]:
    waiting = select(ReceivedEvent.received_at).where(ReceivedEvent.state == State.NEW)
    return waiting.where(ReceivedEvent.type == type).order_by(ReceivedEvent.id).limit(1)


def _dead() -> Select[int]:
    dead = select(func.count()).select_from(ReceivedEvent)
    return dead.where(ReceivedEvent.state == State.DEAD)
