"""What `topology` makes on the broker: all that a service needs, and no more than it may do."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import ChannelClosedByBroker
from pika.spec import BasicProperties

from shared.messaging.rabbit.away import BrokerAway
from shared.messaging.rabbit.definitions import render, topologies
from shared.messaging.rabbit.management import BrokerRefuses, Management
from shared.messaging.rabbit.topology import topology
from tests.support.broker import PASSWORD, Broker
from tests.support.messages import HANDLED, UNHANDLED
from tests.support.ports import free_port
from tests.support.waiting import wait_for

QUEUE, DEAD = "notifications", "notifications.dead"


def objects(broker: Broker) -> dict[str, list[str]]:
    """Return what exists on the test's host, in an order that does not depend on when it came."""
    found: dict[str, list[dict[str, Any]]] = broker.ask("definitions/{host}")
    kinds = ("exchanges", "queues", "bindings", "policies")
    return {
        kind: sorted(
            json.dumps({name: one[name] for name in one if name != "vhost"}, sort_keys=True)
            for one in found[kind]
        )
        for kind in kinds
    }


def test_said_again_it_changes_nothing(broker: Broker):
    for _ in range(2):
        broker.provide("registration")
        broker.provide("notifications", [HANDLED, UNHANDLED])
    once = objects(broker)
    broker.send(QUEUE, b"kept")
    broker.provide("notifications", [HANDLED, UNHANDLED])

    assert objects(broker) == once
    assert broker.count(QUEUE) == 1
    assert {kind: len(of_it) for kind, of_it in once.items()} == {
        "exchanges": 2, "queues": 2, "bindings": 2, "policies": 2,
    }  # fmt: skip


def test_what_is_handled_no_more_is_sent_no_more(broker: Broker):
    broker.provide("notifications", [HANDLED, UNHANDLED])
    with broker.channel() as channel:  # by somebody's hand
        channel.queue_bind(QUEUE, "registration", "#")
        channel.queue_bind(DEAD, "registration", UNHANDLED)

    broker.provide("notifications", [HANDLED])

    bound = [json.loads(binding) for binding in objects(broker)["bindings"]]
    assert [(one["source"], one["destination"], one["routing_key"]) for one in bound] == [
        ("registration", QUEUE, HANDLED)
    ]


def test_policies_are_in_force_on_the_queues(broker: Broker):
    broker.provide("notifications", [HANDLED])

    def ruled(queue: str) -> Any:
        """Return the queue once its policy is among what is known of it."""
        known = broker.ask(f"queues/{{host}}/{queue}")
        return known if "effective_policy_definition" in known else None

    live, dead = (wait_for(partial(ruled, queue), seconds=30) for queue in (QUEUE, DEAD))
    assert live["effective_policy_definition"] == {
        "delivery-limit": 1000,
        "dead-letter-exchange": "",
        "dead-letter-routing-key": DEAD,
        "dead-letter-strategy": "at-least-once",
        "overflow": "reject-publish",
    }
    assert live["arguments"] == {"x-queue-type": "quorum", "x-single-active-consumer": True}
    assert dead["arguments"] == {"x-queue-type": "quorum"}
    assert dead["effective_policy_definition"]["delivery-limit"] >= 10**9


@pytest.mark.parametrize("queue", [QUEUE, DEAD])
def test_a_queue_of_another_kind_in_its_place_is_named_and_left_alone(broker: Broker, queue: str):
    broker.provide("notifications")
    with broker.channel() as channel:
        channel.queue_declare(queue, durable=True)
    broker.send(queue, b"somebody's")

    with pytest.raises(BrokerRefuses) as refusal:
        broker.provide("notifications", [HANDLED])

    said = str(refusal.value)
    assert f"queue '{queue}'" in said
    assert "delete it" in said
    assert "\n" not in said
    assert broker.count(queue) == 1


def test_an_exchange_of_another_kind_in_its_place_is_named(broker: Broker):
    broker.provide("membership")
    with broker.channel() as channel:
        channel.exchange_declare("registration", "fanout", durable=True)

    with pytest.raises(BrokerRefuses, match="exchange 'registration'.*delete it"):
        broker.provide("registration")


def test_a_wrong_administrator_is_said_in_words(broker: Broker):
    for who in ("guest:wrong", "nobody:guest"):
        management = Management(broker.node.admin_url.replace("guest:guest", who), broker.host)
        with pytest.raises(BrokerRefuses, match="refuses this administrator or password"):
            management.apply(topology("membership", []), user="x", password=PASSWORD)


def test_a_management_that_is_not_there_is_said_in_words(broker: Broker):
    management = Management(f"http://guest:guest@127.0.0.1:{free_port()}", broker.host)

    with pytest.raises(BrokerAway, match="management does not answer"):
        management.apply(topology("membership", []), user="x", password=PASSWORD)


TRESPASSES: dict[str, Callable[[BlockingChannel], object]] = {
    "declare a queue": lambda channel: channel.queue_declare("mine"),
    "declare its queue anew": lambda channel: channel.queue_declare(QUEUE, durable=True),
    "declare an exchange": lambda channel: channel.exchange_declare("mine", "topic"),
    "delete its queue": lambda channel: channel.queue_delete(QUEUE),
    "delete its exchange": lambda channel: channel.exchange_delete("notifications"),
    "delete another's queue": lambda channel: channel.queue_delete("membership"),
    "bind its queue to more": lambda channel: channel.queue_bind(QUEUE, "registration", "#"),
    "unbind its queue": lambda channel: channel.queue_unbind(QUEUE, "registration", HANDLED),
    "purge another's queue": lambda channel: channel.queue_purge("membership"),
    "read another's queue": lambda channel: channel.basic_get("membership"),
    "consume another's queue": lambda channel: next(channel.consume("membership")),
    "publish to another's exchange": lambda channel: publish(channel, "registration", HANDLED),
    "publish past all exchanges": lambda channel: publish(channel, "", "membership"),
}


def publish(channel: BlockingChannel, exchange: str, key: str) -> None:
    channel.confirm_delivery()
    channel.basic_publish(exchange, key, b"{}", BasicProperties(delivery_mode=2))


@pytest.fixture(scope="module")
def guarded(rabbitmq) -> Broker:
    """Return a host for all that a user of a service may not do: nobody does it."""
    broker = Broker(rabbitmq)
    broker.provide("registration")
    broker.provide("membership", [HANDLED])
    broker.provide("notifications", [HANDLED])
    return broker


@pytest.mark.parametrize("trespass", TRESPASSES)
def test_a_service_may_only_write_to_its_exchange_and_read_its_queues(
    guarded: Broker, trespass: str
):
    before = objects(guarded)
    with (
        guarded.channel("notifications") as channel,
        pytest.raises(ChannelClosedByBroker) as refusal,
    ):
        TRESPASSES[trespass](channel)

    assert refusal.value.reply_code == 403
    assert objects(guarded) == before


def test_definitions_that_are_loaded_make_what_the_services_would(broker: Broker, rabbitmq):
    loaded = Broker(rabbitmq)
    for service, wanted in topologies().items():
        Management(broker.node.admin_url, broker.host).apply(
            wanted, user=broker.user(service), password=PASSWORD
        )

    stated = json.loads(render().replace('"/"', json.dumps(loaded.host)))
    loaded.ask("definitions", method="POST", body=stated)

    assert objects(loaded) == objects(broker)
