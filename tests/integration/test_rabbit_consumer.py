"""What the consumer makes of what the broker brings: one row each, then one word of thanks."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event, select
from structlog.testing import capture_logs

from shared.contracts.registration import RegistrationConfirmed
from shared.db import Database
from shared.messaging import Worker
from shared.messaging.circuit import Circuit
from shared.messaging.models import ReceivedEvent, State
from shared.messaging.models import metadata as messaging
from shared.messaging.rabbit import Consumer
from shared.messaging.rabbit.away import BrokerAway
from tests.support.broker import Broker
from tests.support.messages import HANDLED, envelope, outgoing
from tests.support.ports import free_port
from tests.support.postgresql import PostgreSQL
from tests.support.proxy import DOWN, UP, Proxy

QUEUE, DEAD = "notifications", "notifications.dead"


@pytest.fixture
def database(postgresql: PostgreSQL) -> Iterator[Database]:
    database = Database(postgresql.database())
    messaging.create_all(database.engine)
    yield database
    database.dispose()


@pytest.fixture(autouse=True)
def _provided(broker: Broker) -> None:
    broker.provide("registration")
    broker.provide("notifications", [HANDLED])


@pytest.fixture
def consumer(broker: Broker, database: Database) -> Iterator[Consumer]:
    consumer = broker.consumer("notifications", database)
    yield consumer
    consumer.close()


def receive(consumer: Consumer, count: int) -> None:
    """Let *consumer* work until it has stored *count* messages, duplicates included."""
    tries = 0
    while count > 0:
        count -= consumer.run_once()
        tries += 1
        assert tries < 100, f"{count} messages never came"


def rows(database: Database) -> list[ReceivedEvent]:
    with database.reading() as session:
        return list(session.scalars(select(ReceivedEvent).order_by(ReceivedEvent.id)))


def test_a_batch_is_one_transaction_and_one_acknowledgement(broker: Broker, database: Database):
    events = [outgoing(position) for position in range(1, 501)]
    broker.send(QUEUE, *(one.body for one in events))
    commits: list[object] = []
    event.listen(database.engine, "commit", commits.append)
    with Proxy(broker.node.port) as proxy:
        consumer = broker.consumer("notifications", database, port=proxy.port)
        receive(consumer, 1)
        proxy.passed[UP] = 0
        receive(consumer, 500 - len(rows(database)))
        acknowledged = proxy.passed[UP] / 21  # bytes of a basic.ack frame
        consumer.run_once()
        consumer.close()

    assert [row.event_id for row in rows(database)] == [one.id for one in events]
    assert len(commits) <= 25
    assert acknowledged <= 25
    assert broker.count(QUEUE) == 0


def test_what_was_stored_but_not_acknowledged_comes_again_and_is_one_row(
    broker: Broker, database: Database
):
    broker.send(QUEUE, *(outgoing(position).body for position in range(1, 11)))
    with Proxy(broker.node.port) as proxy:
        consumer = broker.consumer("notifications", database, port=proxy.port)
        assert consumer.run_once() > 0
        broker.send(QUEUE, *(outgoing(position).body for position in range(11, 21)))
        proxy.black_hole(UP)  # the acknowledgement never arrives
        consumer.run_once()
        consumer.close()
    stored = len(rows(database))

    with_another = broker.consumer("notifications", database)
    while len(rows(database)) < 20 or broker.count(QUEUE):
        with_another.run_once()
    with_another.close()

    assert stored > 0
    assert len(rows(database)) == 20


@pytest.mark.parametrize(
    "body",
    [
        bytes(range(256)),
        b"",
        b"\xff\xfe{}",
        b"x" * 10**7,
        b"[" * 100_000,
        envelope().to_bytes().replace(b'"id"', b'"no"'),
        envelope().to_bytes().replace(b'"source":"', b'"source":"\\u0000'),
        envelope().to_bytes().replace(b'"subject":"', b'"subject":"\\ud800'),
    ],
    ids=["bytes", "nothing", "not utf-8", "large", "deep", "no id", "nul", "half a character"],
)
def test_what_cannot_be_read_is_dead_at_once_and_holds_up_nobody(
    broker: Broker, consumer: Consumer, database: Database, body: bytes
):
    before, after = outgoing(1), outgoing(2)
    broker.send(QUEUE, before.body, body, after.body)

    receive(consumer, 3)

    first, poison, last = rows(database)
    assert (poison.state, poison.source, poison.body) == (State.DEAD, "broker", body)
    assert [(row.event_id, row.state) for row in (first, last)] == [
        (before.id, State.NEW), (after.id, State.NEW),
    ]  # fmt: skip
    assert broker.count(QUEUE) == broker.count(DEAD) == 0


def test_what_breaks_its_contract_or_is_of_an_unknown_type_is_dead_when_it_is_handled(
    broker: Broker, consumer: Consumer, database: Database
):
    handled: list[str] = []
    wrong = envelope(1).to_bytes().replace(b'"starts_at":', b'"starts_on":')
    unknown = replace(envelope(2), type="registration.never_heard_of.v9").to_bytes()
    good = envelope(3)
    broker.send(QUEUE, wrong, unknown, good.to_bytes())

    receive(consumer, 3)
    Worker(
        database, {RegistrationConfirmed: lambda _, __, stated: handled.append(str(stated.id))}
    ).run_once()

    assert [(row.state, (row.error or "").split()[0:1], row.body) for row in rows(database)] == [
        (State.DEAD, ["ValidationError"], wrong),
        (State.DEAD, ["NoHandler"], unknown),
        (State.DONE, [], good.to_bytes()),
    ]
    assert handled[-1] == str(good.id)


def test_what_a_receiver_rejects_becomes_a_dead_letter_once(
    broker: Broker, consumer: Consumer, database: Database
):
    one = outgoing(1)
    for _ in range(2):
        broker.send(QUEUE, one.body)
        with broker.channel() as channel:
            method, _, _ = next(channel.consume(QUEUE))
            channel.basic_reject(method.delivery_tag, requeue=False)
    broker.send(QUEUE, one.body)

    receive(consumer, 3)

    (dead,) = rows(database)
    assert dead.event_id == one.id
    assert broker.count(QUEUE) == broker.count(DEAD) == 0


def test_what_was_brought_too_often_becomes_a_dead_letter(
    broker: Broker, consumer: Consumer, database: Database
):
    policy = broker.ask("policies/{host}/notifications")
    policy["definition"]["delivery-limit"] = 3
    broker.ask("policies/{host}/notifications", method="PUT", body=policy)
    one = outgoing(1)
    broker.send(QUEUE, one.body)
    with broker.channel() as channel:
        for method, _, _ in channel.consume(QUEUE, inactivity_timeout=2):
            if method is None:
                break
            channel.basic_nack(method.delivery_tag, requeue=True)

    receive(consumer, 1)

    (dead,) = rows(database)
    assert (dead.event_id, dead.state, dead.error) == (one.id, State.DEAD, "GivenUpByTheBroker")
    assert dead.body == one.body


def test_one_consumer_is_fed_until_it_goes(broker: Broker, database: Database):
    first = broker.consumer("notifications", database)
    second = broker.consumer("notifications", database)
    assert first.run_once() == second.run_once() == 0
    broker.send(QUEUE, *(outgoing(position).body for position in range(1, 101)))

    assert second.run_once() == 0
    receive(first, 100)

    broker.send(QUEUE, outgoing(101).body)
    first.close()
    receive(second, 1)
    second.close()
    assert len(rows(database)) == 101


@pytest.mark.parametrize("queue", [QUEUE, DEAD])
def test_a_queue_deleted_while_it_is_read_is_said_once_in_words_and_read_when_it_is_back(
    broker: Broker, consumer: Consumer, database: Database, queue: str
):
    consumer.run_once()
    broker.ask(f"queues/{{host}}/{queue}", method="DELETE")
    circuit = Circuit("notifications.consumer")
    with capture_logs() as lines:
        for _ in range(3):
            with pytest.raises(BrokerAway, match="lacks an exchange or queue") as failure:
                consumer.run_once()
            circuit.failed(failure.value)
    assert [line["event"] for line in lines] == ["loop.failed"]

    broker.provide("notifications", [HANDLED])
    broker.send(QUEUE, outgoing().body)
    receive(consumer, 1)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        ("no permission", "forbids this user"),
        ("other password", "refuses this user or password"),
        ("no user", "refuses this user or password"),
        ("no host", "refuses this user or password"),
    ],
)
def test_what_an_operator_has_to_mend_is_said_in_words_and_passes_when_mended(
    broker: Broker, consumer: Consumer, damage: str, reason: str
):
    user = broker.user("notifications")
    if damage == "no permission":
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
            consumer.run_once()

    broker.provide("registration")
    broker.provide("notifications", [HANDLED])
    broker.send(QUEUE, outgoing().body)
    receive(consumer, 1)


def test_nobody_listening_is_said_in_words(broker: Broker, database: Database):
    consumer = broker.consumer("notifications", database, port=free_port())

    with pytest.raises(BrokerAway, match="does not answer"):
        consumer.run_once()


@pytest.mark.parametrize(("way", "count"), [(UP, 1), (UP, 100), (UP, 400), (DOWN, 1), (DOWN, 500)])
def test_a_connection_cut_while_it_opens_costs_a_try_at_most(
    broker: Broker, database: Database, way: str, count: int
):
    broker.send(QUEUE, outgoing().body)
    with Proxy(broker.node.port) as proxy:
        consumer = broker.consumer("notifications", database, port=proxy.port)
        proxy.cut_after(count, way)
        with suppress(BrokerAway):  # unless kombu's own second try has made up for it
            consumer.run_once()
        receive(consumer, 1 - len(rows(database)))
        consumer.close()

    assert len(rows(database)) == 1


def test_failing_again_and_again_leaves_no_open_files_behind(broker: Broker, database: Database):
    def fail(times: int, consumer: Consumer) -> int:
        for _ in range(times):
            with pytest.raises(BrokerAway):
                consumer.run_once()
        return len(list(Path("/proc/self/fd").iterdir()))

    broker.provide("nobody")
    forbidden = broker.consumer("nobody", database)
    refused = Consumer(broker.url("nobody", password="wrong"), "nobody", database)
    before = fail(1, forbidden)

    assert fail(20, forbidden) <= before
    assert fail(3, refused) <= before
