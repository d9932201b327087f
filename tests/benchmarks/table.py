"""The one table: what was measured, and the yardstick beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from statistics import quantiles


@dataclass(frozen=True)
class Row:
    """A line of the table, in words."""

    what: str
    ours: str
    yardstick: str = ""
    ratio: str = ""
    target: str = ""


_HEADINGS = Row("what", "ours", "yardstick", "ratio", "target")


def compared(what: str, ours: float, yardstick: float, name: str, target: str = "") -> Row:
    """Return the row of two rates."""
    return Row(
        what, a_second(ours), f"{name} {a_second(yardstick)}", f"{ours / yardstick:.2f}", target
    )


def judged(words: str, met: bool) -> str:
    """Return the target *words* with whether it was met."""
    return f"{words}: {'met' if met else 'MISSED'}"


def a_second(rate: float) -> str:
    """Return *rate* in words."""
    return f"{rate:,.0f}/s"


def in_ms(seconds: Sequence[float], *percents: int) -> str:
    """Return the percentiles of *seconds*: "12 / 30 / 41 ms"."""
    numbers = (f"{percentile(seconds, percent) * 1000:,.0f}" for percent in percents)
    return f"{' / '.join(numbers)} ms"


def percentile(values: Sequence[float], percent: int) -> float:
    """Return what *percent* % of *values* do not exceed."""
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def rendered(rows: Iterable[Row]) -> str:
    """Return *rows* under their headings, in columns."""
    lines = [astuple(row) for row in (_HEADINGS, *rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, tuple("-" * width for width in widths))
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)
