"""When the made-up webinars take place."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from registration.demo import add_demo
from registration.queries import webinar
from shared.clock import in_words
from tests.support.registering import on_a_file


@pytest.mark.parametrize(
    ("today", "thursday"),
    [
        (datetime(2022, 6, 30, 22, tzinfo=UTC), "Thursday 7 July 2022 at midday"),
        (datetime(2022, 6, 30, 23, 30, tzinfo=UTC), "Thursday 4 August 2022 at midday"),
        (datetime(2026, 1, 31, tzinfo=UTC), "Thursday 5 February 2026 at midday"),
        (datetime(2026, 12, 24, tzinfo=UTC), "Thursday 7 January 2027 at midday"),
    ],
)
def test_the_first_is_on_the_first_thursday_of_next_month_at_midday(
    tmp_path: Path, today: datetime, thursday: str
):
    site = on_a_file(tmp_path)
    site.clock.moment = today
    with site.database.transaction("test") as session:
        add_demo(session)

    with site.database.reading() as session:
        first = webinar(session, "the-importance-of-co-production")
        past = webinar(session, "first-steps-as-an-expert-by-experience")

    assert first is not None
    assert past is not None
    assert in_words(first.starts_at) == thursday
    assert past.is_closed(today)
