"""What a loop cannot do at present, told in its database, from which the console's pages say it.

Loops run in another process than the pages do. One that works tells nothing.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from shared.db import Database, database_now, insert
from shared.messaging.models import LoopTrouble

_SILENT = timedelta(minutes=1)  # in which it is renewed six times, unless its process has died


@dataclass(frozen=True)
class Trouble:
    """A loop that only tries now and then: why, and since when."""

    loop: str
    reason: str
    since: datetime


class Report:
    """What one loop tells of itself, as far as that goes: where its database is away, nothing."""

    def __init__(self, database: Database, loop: str) -> None:
        self._database = database
        self._loop = loop
        self._id = uuid7()
        self._since: datetime | None = None

    def tell(self, reason: str) -> None:
        """Say that it fails again and again, or still does."""
        with suppress(SQLAlchemyError), self._database.transaction("trouble") as session:
            moment = database_now(session)
            self._since = self._since or moment
            session.execute(delete(LoopTrouble).where(LoopTrouble.seen_at < moment - _SILENT))
            row: dict[str, Any] = {"since": self._since, "reason": reason, "seen_at": moment}
            told = insert(session, LoopTrouble).values(id=self._id, loop=self._loop, **row)
            session.execute(told.on_conflict_do_update(index_elements=["id"], set_=row))

    def take_back(self) -> None:
        """Say that it works again."""
        self._since = None
        with suppress(SQLAlchemyError), self._database.transaction("trouble") as session:
            session.execute(delete(LoopTrouble).where(LoopTrouble.id == self._id))


def standing(session: Session) -> Sequence[Trouble]:
    """Return what loops say that they cannot do; those that do the same work say it once."""
    since = func.min(LoopTrouble.since).label("since")
    rows = session.execute(
        select(LoopTrouble.loop, LoopTrouble.reason, since)
        .where(LoopTrouble.seen_at >= database_now(session) - _SILENT)
        .group_by(LoopTrouble.loop, LoopTrouble.reason)
        .order_by(since)
    )
    return [Trouble(loop, reason, since) for loop, reason, since in rows]
