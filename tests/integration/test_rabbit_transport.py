"""What the transport by way of RabbitMQ tells the relay: the truth, in time, whatever happens."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from shared.messaging.rabbit import RabbitTransport
from shared.messaging.rabbit.away import BrokerAway
from tests.support.broker import Broker
from tests.support.messages import HANDLED, batch, outgoing, unhandled
from tests.support.ports import free_port
from tests.support.proxy import DOWN, UP, Proxy
from tests.support.waiting import wait_for


@pytest.fixture
def proxy(broker: Broker) -> Iterator[Proxy]:
    """Yield the way to a broker on which all that registration and notifications need exists."""
    broker.provide("registration")
    broker.provide("notifications", [HANDLED])
    with Proxy(broker.node.port) as proxy:
        yield proxy


@pytest.fixture
def transport(broker: Broker, proxy: Proxy) -> Iterator[RabbitTransport]:
    transport = broker.transport("registration", port=proxy.port)
    yield transport
    transport.close()
    wait_for(lambda: links() == 0, seconds=60, what="every connection's thread to end")


def links() -> int:
    """Return how many threads serve connections."""
    return sum("registration relay" in thread.name for thread in threading.enumerate())


def returned() -> float:
    """Return how many events were counted as coming back."""
    labels = {"service": "registration", "type": HANDLED}
    return REGISTRY.get_sample_value("coproduce_events_returned_total", labels) or 0.0


def test_a_whole_batch_is_confirmed_and_arrives_in_order(
    broker: Broker, transport: RabbitTransport
):
    events = batch(500)

    assert transport.deliver(events) == set(range(1, 501))
    assert broker.drain("notifications") == [event.body for event in events]


def test_an_event_that_nobody_handles_counts_as_taken(transport: RabbitTransport):
    assert transport.deliver([unhandled(1), outgoing(2)]) == {1, 2}


def test_an_event_that_no_queue_takes_waits_alone_until_the_topology_is_right_again(
    broker: Broker, transport: RabbitTransport
):
    broker.ask("queues/{host}/notifications", method="DELETE")
    before = returned()
    lost, nobodys = outgoing(1), unhandled(2)

    with capture_logs() as lines:
        assert transport.deliver([lost, nobodys]) == {2}
    assert returned() - before == 1
    assert [(line["event"], line["event_id"]) for line in lines] == [("event.unroutable", lost.id)]

    broker.provide("notifications", [HANDLED])
    assert transport.deliver([lost]) == {1}
    assert broker.drain("notifications") == [lost.body]


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        ("no exchange", "lacks an exchange or queue"),
        ("no permission", "forbids this user"),
        ("other password", "refuses this user or password"),
        ("no user", "refuses this user or password"),
        ("no host", "refuses this user or password"),
    ],
)
def test_what_an_operator_has_to_mend_is_said_in_words_and_passes_when_mended(
    broker: Broker, transport: RabbitTransport, damage: str, reason: str
):
    user = broker.user("registration")
    if damage == "no exchange":
        broker.ask("exchanges/{host}/registration", method="DELETE")
    elif damage == "no permission":
        broker.ask(f"permissions/{{host}}/{user}", method="DELETE")
        nothing = {"configure": "^$", "write": "^$", "read": "^$"}
        broker.ask(f"permissions/{{host}}/{user}", method="PUT", body=nothing)
    elif damage == "other password":
        broker.ask(f"users/{user}", method="PUT", body={"password": "x", "tags": ""})
    elif damage == "no user":
        broker.ask(f"users/{user}", method="DELETE")
    else:
        broker.ask("vhosts/{host}", method="DELETE")

    for _ in range(2):
        with pytest.raises(BrokerAway, match=reason):
            transport.deliver([outgoing()])

    broker.provide("registration")
    broker.provide("notifications", [HANDLED])
    assert transport.deliver([outgoing(7)]) == {7}


def test_nobody_listening_is_said_in_words(broker: Broker):
    transport = broker.transport("registration", port=free_port())

    with pytest.raises(BrokerAway, match="does not answer"):
        transport.deliver([outgoing()])


@pytest.mark.parametrize(
    ("way", "count"), [(UP, 1), (UP, 200), (UP, 400), (DOWN, 1), (DOWN, 400), (DOWN, 570)]
)
def test_a_connection_cut_while_it_opens_is_no_answer(
    proxy: Proxy, transport: RabbitTransport, way: str, count: int
):
    proxy.cut_after(count, way)
    with pytest.raises(BrokerAway, match="does not answer"):
        transport.deliver([outgoing()])

    assert transport.deliver([outgoing()]) == {1}


@pytest.mark.parametrize(("way", "count"), [(UP, 1), (UP, 200_000), (DOWN, 1), (DOWN, 22)])
def test_a_connection_cut_within_a_batch_fails_it_and_the_next_try_delivers_it(
    broker: Broker, proxy: Proxy, transport: RabbitTransport, way: str, count: int
):
    events = batch(500)
    transport.deliver(events[:1])
    proxy.cut_after(count, way)
    with pytest.raises(BrokerAway, match="does not answer"):
        transport.deliver(events)

    assert transport.deliver(events) == set(range(1, 501))
    assert set(broker.drain("notifications")) == {event.body for event in events}


def test_an_idle_connection_that_was_reset_costs_one_try_at_most(
    proxy: Proxy, transport: RabbitTransport
):
    for position in range(1, 11):
        proxy.reset()
        try:
            confirmed = transport.deliver([outgoing(position)])
        except BrokerAway:
            confirmed = transport.deliver([outgoing(position)])

        assert confirmed == {position}


def test_a_slow_line_delivers_in_one_go(proxy: Proxy, transport: RabbitTransport):
    proxy.delay = 0.3
    assert transport.deliver(batch(500)) == set(range(1, 501))


def test_a_fault_of_our_own_ends_the_connection_and_nothing_else(transport: RabbitTransport):
    unheard_of = replace(outgoing(1), type="x" * 300)  # longer than AMQP allows
    with capture_logs() as lines, pytest.raises(BrokerAway):
        transport.deliver([unheard_of])

    assert [line["event"] for line in lines] == ["broker.link_failed"]
    assert transport.deliver([outgoing(1)]) == {1}


def test_failing_again_and_again_leaves_no_threads_and_no_open_files_behind(
    proxy: Proxy, transport: RabbitTransport
):
    def fail(times: int) -> None:
        for _ in range(times):
            with pytest.raises(BrokerAway):
                transport.deliver([outgoing()])
        wait_for(lambda: links() == 0, seconds=60, what="every connection's thread to end")

    proxy.refuse()
    fail(1)
    before = open_files()
    fail(20)

    assert open_files() <= before


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))
