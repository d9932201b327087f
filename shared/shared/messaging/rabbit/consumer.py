"""The consumer: stores what the broker brings in the inbox, then says so. Nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic

from amqp import Channel, Message
from amqp.exceptions import AMQPError
from kombu import Connection
from prometheus_client import Counter

from shared.db import Database
from shared.messaging.inbox import accept, accept_dead
from shared.messaging.rabbit.away import because
from shared.messaging.rabbit.names import dead_queue_of, queue_of
from shared.messaging.rabbit.timeouts import CONNECT_TIMEOUT, HEARTBEAT, IO_TIMEOUT
from shared.outages import is_outage

BATCH = 200
_PREFETCH = 2 * BATCH  # the next batch is on its way while one is stored
_FIRST_WAIT = 1.0  # seconds for a batch to begin
_LINGER = 0.05  # seconds for it to fill
_BROKER_ERRORS = (AMQPError, OSError)
_connections = Counter(
    "coproduce_consumer_connections",
    "Connections opened to receive; the first included",
    ["service"],
)


@dataclass
class _Subscription:
    """One connection, and what it has brought that is not stored yet."""

    connection: Connection
    channel: Channel
    live: list[Message] = field(default_factory=list)
    dead: list[Message] = field(default_factory=list)

    def count(self) -> int:
        """Return how many messages wait to be stored."""
        return len(self.live) + len(self.dead)


@dataclass(frozen=True)
class _Bodies:
    live: Sequence[bytes] = ()
    dead: Sequence[bytes] = ()


class Consumer:
    """Any number may run for one service: the broker feeds one of them at a time."""

    def __init__(self, url: str, service: str, database: Database) -> None:
        self._url = url
        self._service = service
        self._database = database
        self._subscription: _Subscription | None = None
        self._unstored = _Bodies()

    def run_once(self) -> int:
        """Return how many messages were stored, waiting a second at most for the first.

        Raises BrokerAway, or what the database raises: what was not acknowledged comes again.
        """
        subscription = self._subscription = self._subscription or self._subscribed()
        try:
            _collect(subscription)
            if count := subscription.count():
                self._store(subscription)
            subscription.connection.heartbeat_check()
        except _BROKER_ERRORS as error:
            self.close()
            raise because(error) from error
        except BaseException:
            self.close()
            raise
        return count

    def close(self) -> None:
        """Let go of the connection without a word: a peer that is frozen would not answer."""
        if self._subscription:
            self._subscription.connection.collect()
            self._subscription = None

    def _subscribed(self) -> _Subscription:
        # Messages taken while nothing can be stored would only count as brought in vain.
        self._keep("consumer.subscribe", self._unstored)
        connection = Connection(
            self._url,
            heartbeat=HEARTBEAT,
            connect_timeout=CONNECT_TIMEOUT,
            transport_options={
                "read_timeout": IO_TIMEOUT,
                "write_timeout": IO_TIMEOUT,
                "client_properties": {"connection_name": f"{self._service} consumer"},
            },
        )
        try:
            channel: Channel = connection.connection.channel()
            subscription = _Subscription(connection, channel)
            channel.basic_qos(0, _PREFETCH, a_global=False)
            channel.basic_consume(queue_of(self._service), callback=subscription.live.append)
            channel.basic_consume(dead_queue_of(self._service), callback=subscription.dead.append)
        except _BROKER_ERRORS as error:
            connection.collect()
            raise because(error) from error
        _connections.labels(self._service).inc()
        return subscription

    def _store(self, subscription: _Subscription) -> None:
        stored = subscription.live + subscription.dead
        live, dead = map(_bytes, subscription.live), map(_bytes, subscription.dead)
        self._keep("consumer", _Bodies(list(live), list(dead)))
        last = max(message.delivery_tag for message in stored)
        subscription.channel.basic_ack(last, multiple=True)
        subscription.live.clear()
        subscription.dead.clear()

    def _keep(self, name: str, bodies: _Bodies) -> None:
        """Store messages. What an outage prevents is tried again before any more are taken."""
        self._unstored = _Bodies()
        try:
            with self._database.transaction(name) as session:
                accept(session, bodies.live)
                accept_dead(session, bodies.dead)
        except Exception as error:
            if is_outage(error):
                self._unstored = bodies
            raise


def _bytes(message: Message) -> bytes:
    return bytes(message.body or b"")  # an empty one comes as text


def _collect(subscription: _Subscription) -> None:
    """Take in messages until there are enough, or none came for a moment."""
    until = monotonic() + _FIRST_WAIT
    while subscription.count() < BATCH and (left := until - monotonic()) > 0:
        try:
            subscription.connection.drain_events(timeout=left)
        except TimeoutError:
            return
        until = min(until, monotonic() + _LINGER)
