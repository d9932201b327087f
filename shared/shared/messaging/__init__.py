"""How events travel: recorded with a change, relayed, received once, handled once."""

from shared.messaging.inbox import accept
from shared.messaging.keeping import keep_first, keep_newest
from shared.messaging.local import LocalTransport
from shared.messaging.loops import Loop
from shared.messaging.models import Subject
from shared.messaging.publishing import count_recent, publish, publish_all
from shared.messaging.relay import Relay
from shared.messaging.transport import Outgoing, Transport
from shared.messaging.worker import Handler, Handlers, Worker

__all__ = [
    "Handler",
    "Handlers",
    "LocalTransport",
    "Loop",
    "Outgoing",
    "Relay",
    "Subject",
    "Transport",
    "Worker",
    "accept",
    "count_recent",
    "keep_first",
    "keep_newest",
    "publish",
    "publish_all",
]
