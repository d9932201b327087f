"""Work that goes on for ever in the background: relays, workers, senders, tidying."""

import threading
from collections.abc import Callable

import structlog

from shared.messaging.worker import describe

_log = structlog.get_logger(__name__)
_LONGEST_PAUSE = 30.0


class Loop(threading.Thread):
    """Repeats a step: at once while there is work, after *idle* seconds when there is none.

    A step that fails is repeated after a growing pause: what it left undone is still there.
    """

    def __init__(self, name: str, step: Callable[[], int], *, idle: float = 0.2) -> None:
        super().__init__(name=name, daemon=True)
        self._step = step
        self._idle = idle
        self._stopping = threading.Event()

    def run(self) -> None:
        """Go on until `stop` is called."""
        failures = 0
        while not self._stopping.is_set():
            try:
                pause = 0.0 if self._step() else self._idle
                failures = 0
            except Exception as error:
                failures += 1
                pause = min(2.0**failures * self._idle, _LONGEST_PAUSE)
                _log.error("loop.failed", loop=self.name, error=describe(error), pause=pause)
            self._stopping.wait(pause)

    def stop(self) -> None:
        """Let the step that is under way finish, and no other begin."""
        self._stopping.set()
