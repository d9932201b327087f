"""What must exist on the broker for one service: derived from what it publishes and handles."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.messaging.rabbit.names import dead_queue_of, exchange_of, queue_of

# Once declared these two are final; whatever else we wish of a queue is policy.
QUORUM = {"x-queue-type": "quorum"}
IN_ORDER = {"x-single-active-consumer": True}
# A limit keeps what is given back at the queue's head; consumers that crash must not reach it.
_MOST_DELIVERIES = 1_000
# The last resort has none behind it: what is given up there would be lost.
_NO_LIMIT = 1_000_000_000


@dataclass(frozen=True, kw_only=True)
class Topology:
    """The exchange a service publishes to, and the queues it is fed from, if it handles anything.

    Names are keys, so that two services' topologies make one installation's by `|`.
    """

    exchanges: frozenset[str]
    queues: Mapping[str, Mapping[str, Any]]  # arguments by name
    bindings: frozenset[tuple[str, str, str]]  # exchange, queue, type of event
    policies: Mapping[str, Mapping[str, Any]]
    writes: str  # regular expressions: what the service's user may write to and read from
    reads: str


def topology(service: str, handled: Iterable[str]) -> Topology:
    """Return the topology of *service*, which handles events of the types *handled*."""
    bindings = frozenset((exchange_of(type), queue_of(service), type) for type in handled)
    publishers = {exchange for exchange, _, _ in bindings}
    live, dead = queue_of(service), dead_queue_of(service)
    return Topology(
        exchanges=frozenset({service, *publishers}),
        queues={live: QUORUM | IN_ORDER, dead: QUORUM} if bindings else {},
        bindings=bindings,
        policies={live: _live(dead), dead: {"delivery-limit": _NO_LIMIT}} if bindings else {},
        writes=_exactly(service),
        reads=_exactly(live, dead) if bindings else "^$",
    )


def pattern(queue: str) -> str:
    """Return the regular expression that fits *queue* alone."""
    return _exactly(queue)


def _live(dead: str) -> dict[str, Any]:
    """Return the policy of a queue: nothing in it is ever dropped.

    Dead-lettering is safe only with both of the last two: rabbitmq.com/docs/quorum-queues.
    """
    return {
        "delivery-limit": _MOST_DELIVERIES,
        "dead-letter-exchange": "",  # the default exchange: leads to the queue of that name
        "dead-letter-routing-key": dead,
        "dead-letter-strategy": "at-least-once",
        "overflow": "reject-publish",
    }


def _exactly(*names: str) -> str:
    return f"^({'|'.join(re.escape(name) for name in names)})$"
