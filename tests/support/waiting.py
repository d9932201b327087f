"""Waiting for a condition, with a deadline instead of a sleep."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def wait_for(condition: Callable[[], T | None], *, seconds: float = 10.0, what: str = "") -> T:
    """Return the first true value of *condition*. Raises AssertionError after *seconds*."""
    deadline = time.monotonic() + seconds
    while True:
        if value := condition():
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s in vain for {what or condition}")
        threading.Event().wait(0.02)
