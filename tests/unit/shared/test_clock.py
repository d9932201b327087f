"""Dates and times are said as people say them, in UK time."""

from datetime import UTC, datetime

import pytest

from shared.clock import in_words, span_in_words, time_in_words


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (at(2022, 7, 7, 11), "Thursday 7 July 2022 at midday"),
        (at(2022, 1, 6, 12), "Thursday 6 January 2022 at midday"),
        (at(2022, 7, 6, 23), "Thursday 7 July 2022 at midnight"),
        (at(2026, 10, 25, 0, 30), "Sunday 25 October 2026 at 1:30am"),
        (at(2026, 10, 25, 1, 30), "Sunday 25 October 2026 at 1:30am"),
        (at(2026, 7, 2, 16), "Thursday 2 July 2026 at 5pm"),
    ],
)
def test_an_instant_is_said_in_uk_time(moment: datetime, words: str):
    assert in_words(moment) == words


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [(0, 5, "12:05am"), (9, 0, "9am"), (12, 30, "12:30pm"), (23, 59, "11:59pm")],
)
def test_times_need_no_24_hour_clock(hour: int, minute: int, words: str):
    assert time_in_words(at(2026, 1, 5, hour, minute)) == words


def test_a_span_says_the_date_once_unless_it_ends_on_another():
    start = at(2022, 7, 7, 11)

    assert span_in_words(start, at(2022, 7, 7, 12)) == "Thursday 7 July 2022, midday to 1pm"
    assert span_in_words(start, at(2022, 7, 8, 12)) == (
        "Thursday 7 July 2022 at midday to Friday 8 July 2022 at 1pm"
    )
