"""Work that goes on for ever in the background: relays, workers, senders, tidying."""

import threading
from collections.abc import Callable

from shared.db import Database
from shared.messaging.circuit import Circuit
from shared.messaging.troubles import Report


class Loop(threading.Thread):
    """Repeats a step: at once while there is work, after *idle* seconds when there is none.

    A step that fails is repeated after a growing pause: what it left undone is still there. One
    that fails again and again is told of in *database*.
    """

    def __init__(
        self,
        name: str,
        step: Callable[[], int],
        *,
        idle: float = 0.2,
        database: Database | None = None,
    ) -> None:
        super().__init__(name=name, daemon=True)
        self._step = step
        self._idle = idle
        self._circuit = Circuit(name, Report(database, name) if database else None)
        self._stopping = threading.Event()

    @property
    def part(self) -> str:
        """Return what it does: the last word of its name."""
        return self.name.rpartition(".")[2]

    def run(self) -> None:
        """Go on until `stop` is called."""
        while not self._stopping.is_set():
            try:
                pause = 0.0 if self._step() else self._idle
                self._circuit.succeeded()
            except Exception as error:
                pause = self._circuit.failed(error)
            self._stopping.wait(pause)

    def stop(self) -> None:
        """Let the step that is under way finish, and no other begin."""
        self._stopping.set()
