"""A broker short of memory or disk takes nothing: nothing piles up, and nothing is lost."""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial

import pytest

from shared.messaging import Outgoing
from shared.messaging.rabbit import RabbitTransport
from shared.messaging.rabbit.away import BrokerAway
from tests.faults.broker.conftest import NewPair
from tests.support.broker import Broker
from tests.support.messages import HANDLED, batch
from tests.support.waiting import wait_for

ALARMS = {
    "memory": (
        ["set_vm_memory_high_watermark", "0.00001"],
        ["set_vm_memory_high_watermark", "0.6"],
    ),
    "disk": (["set_disk_free_limit", "900000GB"], ["set_disk_free_limit", "1MB"]),
}


@pytest.mark.parametrize("alarm", ALARMS)
def test_what_cannot_be_delivered_in_an_alarm_is_delivered_after_it(
    broker: Broker, new_pair: NewPair, alarm: str
):
    broker.provide("registration")
    broker.provide("notifications", [HANDLED])
    raise_alarm, clear_alarm = ALARMS[alarm]
    events = batch(500)
    before, new = broker.transport("registration"), broker.transport("registration")
    assert before.deliver(events[:1]) == {1}
    others = new_pair(None)
    others.change(others.thing())
    others.relay.run_once()

    broker.node.control(*raise_alarm)
    try:
        for transport in (before, new):  # one that was connected before, and one that comes now
            for _ in range(5):
                with pytest.raises(BrokerAway, match="short of memory or disk"):
                    transport.deliver(events)
        assert open_connections(broker) == 2
        assert others.receiver.run_once() == 1  # what the broker has, it still brings
    finally:
        broker.node.control(*clear_alarm)
    for transport in (before, new):
        wait_for(partial(is_delivered, transport, events), seconds=30, what="the backlog to drain")
        transport.close()
    others.close()

    arrived = broker.drain("notifications")
    assert set(arrived) == {event.body for event in events}
    assert len(arrived) <= 1 + 4 * len(events)


def open_connections(broker: Broker) -> int:
    """Return how many connections to the test's virtual host there are at this moment."""
    return broker.node.control("list_connections", "vhost").split().count(broker.host)


def is_delivered(transport: RabbitTransport, events: Sequence[Outgoing]) -> bool:
    """Return whether the broker takes *events* now."""
    with suppress(BrokerAway):
        return transport.deliver(events) == {event.position for event in events}
    return False
