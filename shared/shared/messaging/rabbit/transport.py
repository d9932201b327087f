"""The transport by way of RabbitMQ: at least once, each batch confirmed or tried again."""

from collections.abc import Sequence

import structlog
from prometheus_client import Counter

from shared.contracts import registry
from shared.messaging.rabbit.link import Link
from shared.messaging.transport import Outgoing

_log = structlog.get_logger(__name__)
_returned = Counter(
    "coproduce_events_returned", "Events that no queue took though one should", ["service", "type"]
)
_connections = Counter(
    "coproduce_relay_connections", "Connections opened to publish; the first included", ["service"]
)


class RabbitTransport:
    """Publishes the events of one service, over one connection that is renewed when it fails."""

    def __init__(self, url: str, service: str) -> None:
        self._url = url
        self._service = service
        self._link: Link | None = None

    def deliver(self, batch: Sequence[Outgoing]) -> set[int]:
        """Return the positions that the broker has stored for all who should have them.

        An event that nobody consumes counts as taken. Raises shared.messaging.rabbit.BrokerAway.
        """
        link = self._link = self._link or self._opened()
        try:
            result = link.publish(batch)
        finally:
            if link.broken:
                self.close()
        unrouted = [one for one in batch if one.id in result.returned and _is_expected(one)]
        for one in unrouted:
            _returned.labels(self._service, one.type).inc()
            _log.error("event.unroutable", type=one.type, event_id=one.id)
        return result.confirmed - {one.position for one in unrouted}

    def close(self) -> None:
        """Let go of the connection."""
        if self._link:
            self._link.close()
            self._link = None

    def _opened(self) -> Link:
        link = Link(self._url, f"{self._service} relay")
        link.open()
        _connections.labels(self._service).inc()
        return link


def _is_expected(outgoing: Outgoing) -> bool:
    return bool(registry[outgoing.type].consumers)
