"""A publisher and a consumer joined without a broker, with what they did laid open."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Integer, Text, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from shared.contracts import Envelope, Event
from shared.contracts.registration import WebinarPublished
from shared.db import Database, database_now, metadata, now
from shared.messaging import Handlers, LocalTransport, Relay, Subject, Worker, publish
from shared.messaging.models import Instance
from shared.messaging.models import metadata as messaging


class Base(DeclarativeBase):
    metadata = metadata()


class Thing(Subject, Base):
    """What the test's events speak of."""

    __tablename__ = "thing"


class Effect(Base):
    """A handler's doing. No unique key, so that doing it twice is seen."""

    __tablename__ = "effect"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    event_id: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    version: Mapped[int]


def note(session: Session, _event: Event, envelope: Envelope) -> None:
    """Handle an event by writing down that it was handled."""
    effect = Effect(
        event_id=str(envelope.id), subject=envelope.subject, version=envelope.subjectversion
    )
    session.add(effect)


class House:
    """Two databases, a relay from the first to the second, and the second's worker."""

    def __init__(self, new_database: Callable[[], Database], handle: Any = note) -> None:
        self.publisher = _made(new_database(), "urn:coproduce:test:publisher")
        self.consumer = _made(new_database(), "urn:coproduce:test:consumer")
        self.transport = LocalTransport({self.consumer: frozenset({WebinarPublished.type})})
        handlers: Handlers = {WebinarPublished: handle}
        self.relay = Relay(self.publisher, self.transport)
        self.worker = Worker(self.consumer, handlers)

    def thing(self) -> Thing:
        with self.publisher.transaction("test") as session:
            thing = Thing()
            session.add(thing)
        return thing

    def change(self, thing: Thing, *, times: int = 1) -> None:
        """Change *thing*, each time in a transaction of its own, stating the fact."""
        for _ in range(times):
            with self.publisher.transaction("change") as session:
                row = session.get_one(Thing, thing.id, with_for_update=True)
                publish(session, a_fact(session), about=row)

    def settle(self) -> None:
        """Relay and handle until nothing is due."""
        while self.relay.run_once() + self.worker.run_once():
            pass

    def effects(self) -> list[tuple[str, int]]:
        """Return (subject, version) of every effect, in order."""
        with self.consumer.reading() as session:
            rows = session.execute(select(Effect.subject, Effect.version).order_by(Effect.id))
            return [(subject, version) for subject, version in rows]

    def rows(self, model: Any) -> list[Any]:
        """Return all rows of *model*, in order, from the database that fills it."""
        database = self.publisher if model.__tablename__ == "event" else self.consumer
        with database.reading() as session:
            return list(session.scalars(select(model).order_by(model.id)))

    def hurry(self, model: Any) -> None:
        """Make everything that waits for its time due now."""
        database = self.publisher if model.__tablename__ == "event" else self.consumer
        with database.transaction("test") as session:
            session.execute(update(model).values(due_at=database_now(session)))


def a_fact(session: Session) -> WebinarPublished:
    moment = now(session)
    return WebinarPublished(slug="a", title="A", starts_at=moment, ends_at=moment)


def _made(database: Database, source: str) -> Database:
    messaging.create_all(database.engine)
    Base.metadata.create_all(database.engine)
    with database.transaction("test") as session:
        session.add(Instance(id=1, source=source))
    return database
