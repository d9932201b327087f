"""What crosses the wire: the only place where the services meet."""

from shared.contracts import membership, notifications, registration
from shared.contracts.base import Event, Visibility, registry
from shared.contracts.envelope import CONTENT_TYPE, Envelope, UnreadableMessage

__all__ = [
    "CONTENT_TYPE",
    "Envelope",
    "Event",
    "UnreadableMessage",
    "Visibility",
    "membership",
    "notifications",
    "registration",
    "registry",
]
