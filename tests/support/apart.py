"""A publisher and a consumer joined by RabbitMQ, with what they did laid open."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from shared.contracts.registration import WebinarPublished
from shared.db import Database
from shared.messaging import Loop, Relay
from tests.support.broker import Broker
from tests.support.house import House, note


class Apart(House):
    """A house whose relay and consumer reach the broker, perhaps by way of another *port*."""

    def __init__(
        self,
        new_database: Callable[[], Database],
        broker: Broker,
        handle: Any = note,
        *,
        port: int | None = None,
    ) -> None:
        super().__init__(new_database, handle)
        broker.provide("registration")
        broker.provide("notifications", [WebinarPublished.type])
        self.broker = broker
        self.away = broker.transport("registration", port=port)
        self.relay = Relay(self.publisher, self.away)
        self.receiver = broker.consumer("notifications", self.consumer, port=port)

    def settle(self) -> None:
        """Relay, receive and handle until nothing is due and nothing came for a second."""
        while self.relay.run_once() + self.receiver.run_once() + self.worker.run_once():
            pass
        self.close()

    @contextmanager
    def at_work(self) -> Iterator[list[Loop]]:
        """Let relay, consumer and worker do their work for as long as the block runs."""
        loops = [
            Loop("registration.relay", self.relay.run_once),
            Loop("notifications.consumer", self.receiver.run_once, idle=0.0),
            Loop("notifications.inbox", self.worker.run_once),
        ]
        for loop in loops:
            loop.start()
        try:
            yield loops
        finally:
            for loop in loops:
                loop.stop()
            for loop in loops:
                loop.join()
            self.close()

    def close(self) -> None:
        """Let go of the broker."""
        self.away.close()
        self.receiver.close()
