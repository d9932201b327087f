"""RabbitMQ as the way from a relay to the inboxes of other services."""

from shared.messaging.rabbit.consumer import Consumer
from shared.messaging.rabbit.transport import RabbitTransport

__all__ = ["Consumer", "RabbitTransport"]
