"""Dead letters: what a service could not handle, for people to look at, retry or discard."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from shared.db import database_now
from shared.messaging.models import ReceivedEvent, State

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Which:
    """Some of the dead letters: one, those of one group, or all; but none that died after *until*.

    So of what is shown and of what is done about it, both are the same letters.
    """

    id: int | None = None
    type: str | None = None
    error: str | None = None
    until: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return what holds for these alone."""
        stated: list[tuple[Any, Any]] = [
            (ReceivedEvent.id, self.id),
            (ReceivedEvent.type, self.type),
            (ReceivedEvent.error, self.error),
        ]
        late = [] if self.until is None else [ReceivedEvent.ended_at <= self.until]
        same = [column == value for column, value in stated if value is not None]
        return [ReceivedEvent.state == State.DEAD, *same, *late]


@dataclass(frozen=True, kw_only=True)
class Group:
    """Dead letters of one type that failed in one way: mostly one cause, mended once."""

    type: str
    error: str
    count: int
    blank: int  # whose content was deleted, so that nobody can handle them any more
    first: datetime
    last: datetime


def count(session: Session) -> int:
    """Return how many there are."""
    dead = select(func.count()).select_from(ReceivedEvent)
    return session.scalars(dead.where(*Which().conditions())).one()


def groups(session: Session, which: Which | None = None) -> Sequence[Group]:
    """Return every group, the largest first; with *which*, of those alone."""
    columns = (ReceivedEvent.type, ReceivedEvent.error)
    number = func.count().label("number")
    died = ReceivedEvent.ended_at
    rows: Sequence[Any] = session.execute(
        select(*columns, number, func.count(ReceivedEvent.body), func.min(died), func.max(died))
        .where(*(which or Which()).conditions())
        .group_by(*columns)
        .order_by(number.desc(), *columns)
    ).all()
    return [
        Group(type=type, error=error, count=n, blank=n - whole, first=first, last=last)
        for type, error, n, whole, first, last in rows
    ]


def letters(session: Session, which: Which, *, page: int) -> Sequence[Any]:
    """Return a page of dead letters without their bodies, in order, and one more if there is."""
    row = ReceivedEvent
    return session.execute(
        select(
            row.id,
            row.received_at,
            row.ended_at,
            row.attempts,
            row.body.is_(None).label("is_blank"),
        )
        .where(*which.conditions())
        .order_by(row.id)
        .offset((page - 1) * PAGE)
        .limit(PAGE + 1)
    ).all()


def letter(session: Session, id: int) -> ReceivedEvent | None:
    """Return one that is dead, or was and is discarded."""
    ended = ReceivedEvent.state.in_((State.DEAD, State.DISCARDED))
    return session.scalars(select(ReceivedEvent).where(ReceivedEvent.id == id, ended)).first()


def discarded(session: Session, *, page: int) -> Sequence[Any]:
    """Return a page of what was discarded, the newest event first, and one more if there is."""
    row = ReceivedEvent
    return session.execute(
        select(row.id, row.type, row.error, row.ended_at, row.reason)
        .where(row.state == State.DISCARDED)
        .order_by(row.id.desc())
        .offset((page - 1) * PAGE)
        .limit(PAGE + 1)
    ).all()


def retry(session: Session, which: Which) -> int:
    """Put dead letters back to be handled as if new; return how many that were."""
    return _move(session, which, state=State.NEW, attempts=0, due_at=database_now(session))


def discard(session: Session, which: Which, *, reason: str) -> int:
    """Close dead letters for good, keeping *reason*; return how many that were."""
    ended_at = database_now(session)
    return _move(session, which, state=State.DISCARDED, reason=reason, ended_at=ended_at)


def _move(session: Session, which: Which, **values: object) -> int:
    # All in one statement: there may be very many.
    moved = update(ReceivedEvent).where(*which.conditions()).values(**values)
    return session.connection().execute(moved).rowcount
