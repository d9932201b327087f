"""When a handler that failed is tried again."""

import random
from datetime import timedelta

# Three at once, for what passes by itself; then for a day, long enough for somebody to mend it.
_PAUSES = (0, 0, 10, 30, 120, 600, 1_800, 7_200, 21_600, 54_000)


def pause_after(attempts: int) -> timedelta | None:
    """Return how long to wait after the attempt number *attempts* failed; None to give up.

    Pauses vary by a fifth, so that what failed together does not all come back together.
    """
    if attempts > len(_PAUSES):
        return None
    return timedelta(seconds=_PAUSES[attempts - 1] * random.uniform(0.8, 1.2))  # noqa: S311
