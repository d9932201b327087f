"""Some events on their way to the broker, and what it has answered of each."""

import threading
from collections.abc import Sequence
from itertools import takewhile

from shared.messaging.rabbit.away import BrokerAway
from shared.messaging.transport import Outgoing


class Batch:
    """It ends when every event was answered, or when no answer can be expected any more."""

    def __init__(self, events: Sequence[Outgoing]) -> None:
        self.events = events
        self.confirmed: set[int] = set()
        self.returned: set[str] = set()
        self.failure: BrokerAway | None = None
        self.ended = threading.Event()
        self._pending: dict[int, Outgoing] = {}  # by rising tags
        self._unanswered = len(events)

    def wrote(self, tag: int, outgoing: Outgoing) -> None:
        """Note that *outgoing* went to the broker as message *tag*."""
        self._pending[tag] = outgoing

    def settle(self, tag: int, *, multiple: bool, taken: bool) -> None:
        """Note the broker's answer to the message *tag*, or to all up to it.

        A tag that is not known belongs to a batch that was given up.
        """
        tags = list(takewhile(lambda known: known <= tag, self._pending)) if multiple else [tag]
        for known in tags:
            outgoing = self._pending.pop(known, None)
            if outgoing:
                self._unanswered -= 1
                if taken:
                    self.confirmed.add(outgoing.position)
        if not self._unanswered:
            self.ended.set()

    def fail(self, reason: BrokerAway) -> None:
        """End without the answers that are still missing."""
        self.failure = reason
        self.ended.set()
