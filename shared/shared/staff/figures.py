"""Numbers for the console's first page: counted by each service, told to membership on change.

Membership may not look into the others' databases, and a page must not wait for them.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from shared.clock import LONDON
from shared.contracts import notifications, registration
from shared.contracts.figures import Counted
from shared.db import insert, now
from shared.messaging import dead, publish
from shared.messaging.models import Instance
from shared.staff.models import Figure

PAUSE = 10.0  # seconds between counts
_TOLD: Mapping[str, type[Counted]] = {
    "notifications": notifications.FigureCounted,
    "registration": registration.FigureCounted,
}


@dataclass(frozen=True)
class Count:
    """How many there are: at present, or of one day ("2022-07-07", UK time)."""

    name: str
    number: int
    day: str = ""


Counting = Callable[[Session], Sequence[Count]]


def tell(session: Session, counting: Counting) -> int:
    """Count, and publish what has changed since it was last told; return how much that was."""
    counts = {(count.name, count.day): count.number for count in counting(session)}
    rows = {(row.name, row.day): row for row in _rows(session, counts)}
    service = session.get_one(Instance, 1).source.rpartition(":")[2]
    changed = [key for key, number in counts.items() if rows[key].number != number]
    for name, day in changed:
        row, number = rows[name, day], counts[name, day]
        row.number = number
        publish(session, _TOLD[service](name=name, day=day, number=number), about=row)
    return len(changed)


def dead_letters(session: Session) -> Count:
    """Return how many events the service could not handle."""
    return Count("dead_letters", dead.count(session))


def by_day(session: Session, name: str, id: Any) -> list[Count]:
    """Return how many rows were made yesterday and today, by their ids, which tell the time."""
    today = now(session).astimezone(LONDON).date()
    days = [today - timedelta(days=1), today]
    counts = []
    for day in days:
        within = id >= first_of(day), id < first_of(day + timedelta(days=1))
        counts.append(
            Count(name, session.scalars(select(func.count(id)).where(*within)).one(), f"{day}")
        )
    return counts


def first_of(day: date) -> UUID:
    """Return the least UUIDv7 of a day (RFC 9562: it begins with the milliseconds since 1970)."""
    midnight = datetime.combine(day, time(), LONDON)
    return UUID(int=int(midnight.timestamp() * 1000) << 80)


def _rows(session: Session, keys: Collection[tuple[str, str]]) -> Sequence[Figure]:
    """Return the figures of *keys*, locked; a new one has been told as nothing."""
    new = [
        {"id": uuid7(), "subject_version": 0, "name": name, "day": day, "number": 0}
        for name, day in sorted(keys)
    ]
    session.execute(insert(session, Figure).values(new).on_conflict_do_nothing())
    days = {day for _, day in keys}
    wanted = select(Figure).where(Figure.day.in_(days)).order_by(Figure.name, Figure.day)
    return session.scalars(wanted.with_for_update()).all()
