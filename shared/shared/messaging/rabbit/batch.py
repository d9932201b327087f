"""Some events that were written to the broker, and what it has answered of each."""

import threading

from shared.messaging.transport import Outgoing


class Batch:
    """What has become of some events that were written to the broker."""

    def __init__(self) -> None:
        self.pending: dict[int, Outgoing] = {}
        self.confirmed: set[int] = set()
        self.refused: set[int] = set()
        self.returned: set[str] = set()
        self.ended = threading.Event()

    def settle(self, tag: int, *, multiple: bool, taken: bool) -> None:
        """Note the broker's answer to the message *tag*, or to all up to it."""
        tags = [known for known in self.pending if known <= tag] if multiple else [tag]
        for known in tags:
            outgoing = self.pending.pop(known, None)
            if outgoing:  # else it belongs to a batch that was given up
                (self.confirmed if taken else self.refused).add(outgoing.position)
        if not self.pending:
            self.ended.set()
