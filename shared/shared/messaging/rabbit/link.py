"""One connection that publishes: a thread of its own, pipelined confirms, no wait without end."""

import threading
from collections.abc import Sequence
from typing import Any

import pika
import structlog
from pika.channel import Channel
from pika.connection import Connection
from pika.frame import Method
from pika.spec import Basic, BasicProperties

from shared.contracts import CONTENT_TYPE
from shared.crashpoints import crashpoint
from shared.messaging.rabbit.away import BrokerAway, because
from shared.messaging.rabbit.batch import Batch
from shared.messaging.rabbit.names import exchange_of
from shared.messaging.rabbit.timeouts import CONNECT_TIMEOUT, DEADLINE, HEARTBEAT
from shared.messaging.transport import Outgoing

_PERSISTENT = pika.DeliveryMode.Persistent
_BLOCKED = "The broker takes nothing at present: it is short of memory or disk."
_log = structlog.get_logger(__name__)


class Link(threading.Thread):
    """From opening to closing. Once `broken` it stays so: open another."""

    def __init__(self, url: str, name: str) -> None:
        super().__init__(name=f"{name} broker", daemon=True)
        parameters = pika.URLParameters(url)
        parameters.heartbeat = HEARTBEAT
        parameters.socket_timeout = CONNECT_TIMEOUT
        parameters.stack_timeout = DEADLINE
        parameters.client_properties = {"connection_name": name}
        self.broken: BrokerAway | None = None
        self._batch = Batch([])
        self._tag = 0
        self._ready = threading.Event()
        self._blocked = False
        self._channel: Channel = None
        # Does nothing yet: it waits for its loop, which is the thread's.
        self._connection = pika.SelectConnection(
            parameters,
            on_open_callback=self._on_open,
            on_open_error_callback=self._on_end,
            on_close_callback=self._on_end,
        )

    def run(self) -> None:
        """Serve the connection until it closes."""
        loop = self._connection.ioloop
        try:
            loop.start()
        except Exception as error:  # in a callback; nothing may leave others waiting
            _log.exception("broker.link_failed")
            self._break(error)
            if self._leave():
                loop.start()
        finally:
            loop.close()

    def open(self) -> None:
        """Return once messages can be published. Raises BrokerAway."""
        self.start()
        if not self._ready.wait(DEADLINE):
            self._break(None)
        if self.broken:
            self.close()
            raise self.broken

    def publish(self, events: Sequence[Outgoing]) -> Batch:
        """Return what became of each. Raises BrokerAway when some may have been taken or not."""
        # Known to the thread before we look at what it tells: one of us sees the other.
        batch = self._batch = Batch(events)
        if self.broken:
            raise self.broken
        if self._blocked:
            raise BrokerAway(_BLOCKED)
        self._connection.ioloop.add_callback_threadsafe(lambda: self._write(batch))
        if not batch.ended.wait(DEADLINE):
            self._break(None)
        if batch.failure:
            raise batch.failure
        return batch

    def close(self) -> None:
        """Say goodbye, without waiting for an answer; if there is none, the heartbeat ends it."""
        self._connection.ioloop.add_callback_threadsafe(self._leave)

    # ----------------------------------------------------------- below: in the thread itself

    def _leave(self) -> bool:
        """Return whether there was anybody to say goodbye to.

        One that is still opening must not be closed (pika 1.4 fails at that); it ends by itself.
        """
        opened: bool = self._connection.is_open
        if opened:
            self._connection.close()
        return opened

    def _write(self, batch: Batch) -> None:
        if self.broken:
            return
        for one in batch.events:
            self._tag += 1
            batch.wrote(self._tag, one)
            self._channel.basic_publish(
                exchange_of(one.type),
                routing_key=one.type,
                body=one.body,
                properties=BasicProperties(
                    content_type=CONTENT_TYPE,
                    delivery_mode=_PERSISTENT,
                    message_id=one.id,
                    type=one.type,
                ),
                mandatory=True,
            )
            crashpoint("relay.published")

    def _on_open(self, connection: Connection) -> None:
        if self.broken:  # too late: nobody waits for it any more
            self._leave()
            return
        connection.add_on_connection_blocked_callback(self._on_blocked)
        connection.add_on_connection_unblocked_callback(self._on_unblocked)
        connection.channel(on_open_callback=self._on_channel)

    def _on_channel(self, channel: Channel) -> None:
        self._channel = channel
        channel.add_on_close_callback(self._on_channel_end)
        channel.add_on_return_callback(self._on_return)
        channel.confirm_delivery(self._on_confirm, callback=lambda _: self._ready.set())

    def _on_confirm(self, frame: Method) -> None:
        answer = frame.method
        taken = isinstance(answer, Basic.Ack)
        self._batch.settle(answer.delivery_tag, multiple=answer.multiple, taken=taken)

    def _on_return(self, _: Channel, __: Any, properties: BasicProperties, ___: bytes) -> None:
        # It comes before the confirmation of the same message.
        self._batch.returned.add(str(properties.message_id))

    def _on_blocked(self, *_: Any) -> None:
        # What was written may yet be taken. A new connection would only add to it.
        self._blocked = True
        self._batch.fail(BrokerAway(_BLOCKED))

    def _on_unblocked(self, *_: Any) -> None:
        self._blocked = False

    def _on_channel_end(self, _: Channel, reason: BaseException) -> None:
        self._break(reason)
        self._leave()

    def _on_end(self, _: Connection, reason: BaseException) -> None:
        self._break(reason)
        self._connection.ioloop.stop()

    def _break(self, reason: BaseException | None) -> None:
        self.broken = self.broken or because(reason)
        self._ready.set()
        self._batch.fail(self.broken)
