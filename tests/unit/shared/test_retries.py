"""When a handler that failed is tried again."""

import pytest

from shared.messaging.retries import pause_after

MINUTE, HOUR = 60, 3600
PAUSES = [0, 0, 10, 30, 2 * MINUTE, 10 * MINUTE, HOUR / 2, 2 * HOUR, 6 * HOUR, 15 * HOUR]


@pytest.mark.parametrize(("attempts", "seconds"), list(enumerate(PAUSES, start=1)))
def test_three_tries_at_once_then_ever_more_rarely_for_a_day(attempts: int, seconds: float):
    pauses = [pause_after(attempts) for _ in range(200)]

    assert all(pause is not None for pause in pauses)
    spread = {pause.total_seconds() for pause in pauses if pause is not None}
    assert min(spread) >= 0.8 * seconds
    assert max(spread) <= 1.2 * seconds
    # What failed together does not all come back together.
    assert len(spread) > 100 or seconds == 0


def test_after_that_it_is_given_up():
    assert pause_after(len(PAUSES) + 1) is None
