"""Dead letters: what a service could not handle, for people to look at, retry or discard."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from shared.db import database_now
from shared.messaging.models import ReceivedEvent, State


@dataclass(frozen=True, kw_only=True)
class Group:
    """Dead letters of one type that failed in one way: mostly one cause, mended once."""

    type: str
    error: str
    count: int
    first: datetime
    last: datetime


def groups(session: Session) -> Sequence[Group]:
    """Return every group, the largest first."""
    columns = (ReceivedEvent.type, ReceivedEvent.error)
    count = func.count().label("count")
    rows: Sequence[Any] = session.execute(
        select(*columns, count, func.min(ReceivedEvent.ended_at), func.max(ReceivedEvent.ended_at))
        .where(ReceivedEvent.state == State.DEAD)
        .group_by(*columns)
        .order_by(count.desc())
    ).all()
    return [
        Group(type=type, error=error, count=n, first=first, last=last)
        for type, error, n, first, last in rows
    ]


def retry(session: Session, ids: Sequence[int]) -> int:
    """Put dead letters back to be handled as if new; return how many were dead."""
    return _move(session, ids, state=State.NEW, attempts=0, due_at=database_now(session))


def discard(session: Session, ids: Sequence[int], *, reason: str) -> int:
    """Close dead letters for good, keeping *reason*; return how many were dead."""
    return _move(session, ids, state=State.DISCARDED, reason=reason)


def _move(session: Session, ids: Sequence[int], **values: object) -> int:
    statement = update(ReceivedEvent).where(
        ReceivedEvent.id.in_(ids), ReceivedEvent.state == State.DEAD
    )
    return session.execute(statement.values(**values)).rowcount  # type: ignore[attr-defined,no-any-return]
