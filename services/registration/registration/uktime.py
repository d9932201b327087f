"""UK time as people say it: on two days a year an hour comes twice, or not at all."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from shared.clock import LONDON, date_in_words, time_in_words


class Clocks(StrEnum):
    """What the clocks do on a day when they are changed."""

    FORWARD = "forward"
    BACK = "back"


class ClockChange(ValueError):
    """The change of clocks leaves this time out, or repeats it; the message explains it."""


def uk_instant(day: date, at: time) -> datetime:
    """Return the instant, in UTC, when clocks in the UK show *at* on *day*. Raises ClockChange."""
    local = datetime.combine(day, at, LONDON)
    first, second = local.utcoffset(), local.replace(fold=1).utcoffset()
    if first == second:
        return local.astimezone(UTC)
    said = _said(at)
    noon = datetime.combine(day, time(12), LONDON)
    if clocks_on(noon) == Clocks.BACK:
        raise ClockChange(f"On {date_in_words(noon)} the clocks go back, so {said} comes twice")
    raise ClockChange(f"On {date_in_words(noon)} the clocks go forward, so there is no {said}")


def clocks_on(moment: datetime) -> Clocks | None:
    """Return what the clocks do on the UK day of *moment*; None: they are left alone."""
    midnight = datetime.combine(moment.astimezone(LONDON).date(), time(0), LONDON)
    before, after = midnight.utcoffset(), (midnight + timedelta(hours=23)).utcoffset()
    if before == after:
        return None
    return Clocks.FORWARD if (before or timedelta(0)) < (after or timedelta(0)) else Clocks.BACK


def _said(at: time) -> str:
    # Any day will do on which every time comes once.
    return time_in_words(datetime.combine(date(2026, 1, 1), at, LONDON))
