"""The one seam between a relay and those who receive: RabbitMQ, or straight into the inbox."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from shared.contracts import Envelope


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """An event on its way: *position* in its source's history, its id, its type, its bytes."""

    position: int
    id: str
    type: str
    body: bytes

    @classmethod
    def of(cls, envelope: Envelope) -> "Outgoing":
        """Return *envelope* ready to travel."""
        return cls(
            position=int(envelope.sequence),
            id=str(envelope.id),
            type=envelope.type,
            body=envelope.to_bytes(),
        )


class Transport(Protocol):
    """At least once: what it confirms is stored durably by every consumer, maybe twice."""

    def deliver(self, batch: Sequence[Outgoing]) -> set[int]:
        """Return the positions that were taken by all who should have them.

        Raises when nothing can be delivered at present; the whole batch is then tried again.
        """
