"""History for other services: what was published, in order, from any position on."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.db import database_now
from shared.messaging.models import Instance, StoredEvent
from shared.messaging.relay import envelope_of
from shared.messaging.transport import Outgoing

PAGE = 500
# What has only just been published is still on its way to those who react.
SETTLED = timedelta(seconds=30)


def page(session: Session, *, after: int) -> list[Outgoing]:
    """Return the next events after position *after*, up to the first that is not yet settled.

    Positions have no gaps and are committed before anything is published, so that a reader who
    goes by them misses nothing.
    """
    source = session.get_one(Instance, 1).source
    rows = session.scalars(
        select(StoredEvent)
        .where(StoredEvent.position > after)
        .order_by(StoredEvent.position)
        .limit(PAGE)
    )
    settled = _until(rows, database_now(session) - SETTLED)
    return [Outgoing.of(envelope_of(row, source)) for row in settled]


def _until(rows: Iterable[StoredEvent], moment: datetime) -> Iterator[StoredEvent]:
    for row in rows:
        if row.published_at is None or row.published_at > moment:
            return
        yield row
