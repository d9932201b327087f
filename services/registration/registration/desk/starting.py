"""The part of the form that says when a webinar starts, in UK time."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from registration.typed import clock_time
from registration.uktime import ClockChange, uk_instant

FIELDS = ("day", "month", "year", "time")
_BEYOND = 2100  # a slip of the finger, not a plan


class Unusable(ValueError):
    """The field at fault, and what to do about it."""

    def __init__(self, field: str, remedy: str) -> None:
        super().__init__(remedy)
        self.errors = {field: remedy}


def start_of(values: Mapping[str, Any], moment: datetime, known: datetime | None) -> datetime:
    """Return the instant that *values* say, which is after *moment* unless it is *known* already.

    Raises Unusable.
    """
    day, at = _date(values), clock_time(values["time"])
    if at is None:
        raise Unusable("time", "Enter the time like 2:30pm, 14:30 or midday")
    start = _instant(day, at)
    if start <= moment and start != known:
        raise Unusable("day", "The date and time must be in the future")
    return start


def _date(values: Mapping[str, Any]) -> date:
    try:
        day = date(*(int(values[name]) for name in ("year", "month", "day")))
    except ValueError:
        raise Unusable("day", "Enter a date that is in the calendar, like 27 3 2030") from None
    if not 2000 <= day.year < _BEYOND:
        raise Unusable("year", "Check the year: enter it like 2030")
    return day


def _instant(day: date, at: time) -> datetime:
    try:
        return uk_instant(day, at)
    except ClockChange as error:
        raise Unusable("time", f"{error}. Choose another time") from None
