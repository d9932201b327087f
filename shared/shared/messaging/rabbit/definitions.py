"""deploy/rabbitmq/definitions.json, rendered from the contracts: `python -m …rabbit.definitions`.

For operators who load definitions into a cluster. Users are not in it: passwords are theirs.
"""

import json
from collections.abc import Iterator
from typing import Any

from shared.contracts import registry
from shared.messaging.rabbit.names import exchange_of
from shared.messaging.rabbit.topology import Topology, pattern, topology

_HOST = "/"


def topologies() -> dict[str, Topology]:
    """Return the topology of each service that publishes or consumes anything."""
    publishers = {exchange_of(type) for type in registry}
    consumers = {consumer for event in registry.values() for consumer in event.consumers}
    return {service: topology(service, _handled(service)) for service in publishers | consumers}


def render() -> str:
    """Return the definitions of all services as RabbitMQ reads them."""
    all_of = [found for _, found in sorted(topologies().items())]
    parts = {
        "vhosts": [{"name": _HOST}],
        "exchanges": [
            _named(
                name, type="topic", durable=True, auto_delete=False, internal=False, arguments={}
            )
            for name in sorted({name for found in all_of for name in found.exchanges})
        ],
        "queues": [
            _named(name, durable=True, auto_delete=False, arguments=arguments)
            for found in all_of
            for name, arguments in found.queues.items()
        ],
        "bindings": [binding for found in all_of for binding in _bindings(found)],
        "policies": [
            _named(name, pattern=pattern(name), definition=definition, priority=0)
            | {"apply-to": "queues"}
            for found in all_of
            for name, definition in found.policies.items()
        ],
    }
    return json.dumps(parts, indent=2)


def _handled(service: str) -> list[str]:
    return [type for type, event in registry.items() if service in event.consumers]


def _named(name: str, **values: Any) -> dict[str, Any]:
    return {"name": name, "vhost": _HOST} | values


def _bindings(found: Topology) -> Iterator[dict[str, Any]]:
    for exchange, queue, key in sorted(found.bindings):
        yield {
            "source": exchange,
            "vhost": _HOST,
            "destination": queue,
            "destination_type": "queue",
            "routing_key": key,
            "arguments": {},
        }


if __name__ == "__main__":
    print(render())
