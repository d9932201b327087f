"""The worker: runs a service's handlers over its inbox, each event's effects exactly once."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from traceback import walk_tb
from typing import Any

import structlog
from marshmallow import ValidationError
from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from shared import trace
from shared.contracts import Envelope, Event, UnreadableMessage
from shared.db import Database, among, database_now
from shared.messaging.keeping import kept_together
from shared.messaging.models import ReceivedEvent, State, Tombstone
from shared.messaging.retries import pause_after
from shared.outages import is_outage

BATCH = 200
Handler = Callable[[Session, Any, Envelope], None]
Handlers = Mapping[type[Event], Handler]
_LIBRARIES = ("marshmallow", "psycopg", "psycopg_binary", "sqlalchemy")
_log = structlog.get_logger(__name__)


class NoHandler(Exception):
    """The service does not react to events of this type."""


# Trying again cannot help: the event is what it is.
_HOPELESS = (UnreadableMessage, ValidationError, NoHandler)


class Worker:
    """Any number may run on one database: a row is held by one of them at a time."""

    def __init__(self, database: Database, handlers: Handlers) -> None:
        self._database = database
        self._handlers = {event.type: (event, handle) for event, handle in handlers.items()}

    def run_once(self) -> int:
        """Return how many events were taken up. Raises only when the database is away."""
        with self._database.reading() as session:
            due = session.execute(_due(session)).all()
        fresh = [id for id, attempts in due if attempts == 0]
        if not self._together(fresh):
            self._one_by_one(fresh)
        self._one_by_one([id for id, attempts in due if attempts])
        return len(due)

    def _together(self, ids: Sequence[int]) -> bool:
        """Handle many in one transaction; return False, with nothing done, if any failed."""
        try:
            self._handle(ids)
        except Exception as error:
            if is_outage(error):
                raise
            return False
        return True

    def _one_by_one(self, ids: Sequence[int]) -> None:
        for id in ids:
            try:
                self._handle([id])
            except Exception as error:
                if is_outage(error):
                    raise
                self._record_failure(id, error)

    def _handle(self, ids: Sequence[int]) -> None:
        if not ids:
            return
        with self._database.transaction("handler") as session:
            taken = session.execute(_taken(ids)).all()
            with kept_together(session):
                for row in taken:
                    if not row.is_erased:
                        self._react(session, row)
            _mark_done(session, taken)

    def _react(self, session: Session, row: Any) -> None:
        envelope = Envelope.from_bytes(row.body or b"")
        if envelope.data is None:
            return
        if row.type not in self._handlers:
            raise NoHandler(row.type)
        event, handle = self._handlers[row.type]
        with trace.following(trace.caused_by(envelope)):
            handle(session, event.load(envelope.data), envelope)
            session.flush()

    def _record_failure(self, id: int, error: Exception) -> None:
        with self._database.transaction("handler.failed") as session:
            for row in session.scalars(_locked(select(ReceivedEvent), [id])):
                row.attempts += 1
                row.error = describe(error)
                pause = None if isinstance(error, _HOPELESS) else pause_after(row.attempts)
                moment = database_now(session)
                if pause is None:
                    row.state, row.ended_at = State.DEAD, moment
                    _log_dead(row)
                else:
                    row.due_at = moment + pause


def _log_dead(row: ReceivedEvent) -> None:
    with _thread_of(row):
        _log.error("handler.dead", type=row.type, event_id=row.event_id, error=row.error)


def _thread_of(row: ReceivedEvent) -> AbstractContextManager[None]:
    """Return what makes the event's trace the present one, if it can still be read."""
    try:
        return trace.following(trace.caused_by(Envelope.from_bytes(row.body or b"")))
    except UnreadableMessage:
        return nullcontext()


def describe(error: Exception) -> str:
    """Return the kind of *error* and where it arose; never its message: that may name somebody.

    An error that a library raises arose where the library was called.
    """
    kind = type(getattr(error, "orig", None) or error).__name__  # what the database told
    places = [
        f"{module}:{line}"
        for frame, line in walk_tb(error.__traceback__)
        if (module := str(frame.f_globals.get("__name__"))).partition(".")[0] not in _LIBRARIES
    ]
    return f"{kind} at {places[-1]}" if places else kind


def _due(session: Session) -> Any:
    return (
        select(ReceivedEvent.id, ReceivedEvent.attempts)
        .where(ReceivedEvent.state == State.NEW, ReceivedEvent.due_at <= database_now(session))
        .order_by(ReceivedEvent.due_at, ReceivedEvent.id)
        .limit(BATCH)
        # Others' events are passed by: else whoever hangs would hold up those behind as well.
        .with_for_update(skip_locked=True)
    )


def _taken(ids: Sequence[int]) -> Any:
    """Return the select of what is known of those events that are still to be handled, locked.

    With each stands whether its subject is erased: it may have been while the event was accepted.
    """
    is_erased = exists().where(Tombstone.subject == ReceivedEvent.subject).label("is_erased")
    return _locked(select(ReceivedEvent.id, ReceivedEvent.type, ReceivedEvent.body, is_erased), ids)


def _locked(events: Any, ids: Sequence[int]) -> Any:
    """Return *events*, all those of *ids* that wait and that nobody else holds, locked."""
    return (
        events.where(ReceivedEvent.id.in_(ids), ReceivedEvent.state == State.NEW)
        .order_by(ReceivedEvent.id)
        .with_for_update(skip_locked=True, of=ReceivedEvent)
    )


def _mark_done(session: Session, taken: Sequence[Any]) -> None:
    done = {"state": State.DONE, "ended_at": database_now(session)}
    _update(session, [row.id for row in taken], done)
    _update(session, [row.id for row in taken if row.is_erased], {"body": None})


def _update(session: Session, ids: Sequence[int], values: Mapping[str, Any]) -> None:
    """Change many in one statement."""
    if ids:
        many = update(ReceivedEvent).where(among(session, ReceivedEvent.id, ids)).values(values)
        session.execute(many, execution_options={"synchronize_session": False})
