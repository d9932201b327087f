"""The transport without a broker: from one service's history into the inboxes of the others."""

from collections.abc import Mapping, Sequence

from shared.db import Database
from shared.messaging.inbox import accept
from shared.messaging.transport import Outgoing


class LocalTransport:
    """Hands each event to the inbox of every service that reacts to its type."""

    def __init__(self, inboxes: Mapping[Database, frozenset[str]]) -> None:
        """Deliver to each database the event types that its service handles."""
        self._inboxes = inboxes

    def deliver(self, batch: Sequence[Outgoing]) -> set[int]:
        """Return every position of *batch*: once this returns, all inboxes have committed."""
        for database, types in self._inboxes.items():
            bodies = [outgoing.body for outgoing in batch if outgoing.type in types]
            if bodies:
                with database.transaction("inbox") as session:
                    accept(session, bodies)
        return {outgoing.position for outgoing in batch}
