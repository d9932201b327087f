"""What happened on each day, as bars: drawn by the server, so that no script is needed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

DAYS = 14
_HEIGHT = 100


@dataclass(frozen=True)
class Bar:
    """A day of a plot: how many of each kind, and where each is drawn, from the bottom up."""

    day: str
    numbers: Sequence[int]
    x: int
    parts: Sequence[tuple[int, int]]  # y and height


def last_days(today: date) -> list[date]:
    """Return the days that are shown, the oldest first."""
    return [today - timedelta(days=back) for back in reversed(range(DAYS))]


def bars(numbers: Mapping[date, Sequence[int]]) -> list[Bar]:
    """Return a bar for each day, in the order of *numbers*; the highest fills the plot."""
    most = max(1, *(sum(each) for each in numbers.values()))
    return [
        Bar(_said(day), each, 10 * place, _stacked([_HEIGHT * number // most for number in each]))
        for place, (day, each) in enumerate(numbers.items())
    ]


def _stacked(heights: Sequence[int]) -> list[tuple[int, int]]:
    return [(_HEIGHT + 1 - sum(heights[: place + 1]), high) for place, high in enumerate(heights)]


def _said(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"
