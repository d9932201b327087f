"""What administrators, and a loop that fails, do to the tables about the system."""

from collections.abc import Callable, Mapping
from pathlib import Path

from shared.messaging.circuit import Circuit
from shared.messaging.troubles import Report, standing
from shared.outages import Outage
from tests.support.sick import Sick


class Place:
    """Notifications of one installation, in one directory, with an event that it gave up."""

    def __init__(self, directory: Path) -> None:
        self.sick = Sick(directory)

    def prepare(self, _name: str) -> None:
        """Fail to handle an event, until it is given up."""
        self.sick.gives_up("jo@example.org")

    def fail(self) -> None:
        circuit = Circuit("notifications.relay", Report(self.sick.database, "notifications.relay"))
        for _ in range(5):
            circuit.failed(Outage("The broker is away."))

    def told(self) -> dict[str, object]:
        """Return all that matters of what is stored."""
        with self.sick.database.reading() as session:
            troubles = [trouble.loop for trouble in standing(session)]
        return {"states": self.sick.states(), "acts": self.sick.acts(), "troubles": troubles}

    def close(self) -> None:
        """Let go of what is open."""
        self.sick.database.dispose()


ACTS: Mapping[str, Callable[[Place], object]] = {
    "discard": lambda place: place.sick.sends("/discard", "/discard?id=1", reason="Told by phone"),
    "open_letter": lambda place: place.sick.sends("/letters/1", "/letters/1"),
    "retry": lambda place: place.sick.sends("/retry", "/retry"),
    "trouble": Place.fail,
}
