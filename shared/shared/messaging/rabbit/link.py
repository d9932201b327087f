"""One connection that publishes: a thread of its own, pipelined confirms, no wait without end."""

import threading
from collections.abc import Sequence
from typing import Any

import pika
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


class Link(threading.Thread):
    """From opening to closing. Once `broken` it stays so: open another."""

    def __init__(self, url: str, name: str) -> None:
        super().__init__(name=f"{name} broker", daemon=True)
        parameters = pika.URLParameters(url)
        parameters.heartbeat = HEARTBEAT
        parameters.socket_timeout = CONNECT_TIMEOUT
        parameters.stack_timeout = DEADLINE
        parameters.client_properties = {"connection_name": name}
        self._parameters = parameters
        self._batch = Batch()
        self._tag = 0
        self._ready = threading.Event()
        self._blocked = False
        self._channel: Channel = None
        self._connection: pika.SelectConnection = None
        self.broken: BrokerAway | None = None

    def run(self) -> None:
        """Serve the connection until it closes."""
        try:
            self._connection = pika.SelectConnection(
                self._parameters,
                on_open_callback=self._on_open,
                on_open_error_callback=self._on_end,
                on_close_callback=self._on_end,
            )
            self._connection.ioloop.start()
        except Exception as error:  # nothing may end this thread and leave others waiting
            self._break(error)

    def open(self) -> None:
        """Return once messages can be published. Raises BrokerAway."""
        self.start()
        in_time = self._ready.wait(DEADLINE)
        if self.broken is not None or not in_time:
            self.close()
            raise self.broken or because(None)

    def publish(self, outgoing: Sequence[Outgoing]) -> Batch:
        """Return what became of each. Raises BrokerAway when some may have been taken or not."""
        batch = self._batch = Batch()
        if not self._blocked and not self.broken:
            self._call(lambda: self._write(batch, outgoing))
            if batch.ended.wait(DEADLINE) and not batch.pending:
                return batch
        if self._blocked and not self.broken:
            # What was written may yet be taken. A new connection would only add to it.
            raise BrokerAway(_BLOCKED)
        self.broken = self.broken or because(None)
        raise self.broken

    def close(self) -> None:
        """Say goodbye, without waiting for an answer."""
        self._call(self._leave)

    def _call(self, callback: Any) -> None:
        if self._connection:
            self._connection.ioloop.add_callback_threadsafe(callback)

    def _leave(self) -> None:
        if self._connection and not (self._connection.is_closing or self._connection.is_closed):
            self._connection.close()

    # ----------------------------------------------------------- below: in the thread itself

    def _write(self, batch: Batch, outgoing: Sequence[Outgoing]) -> None:
        for one in outgoing:
            self._tag += 1
            batch.pending[self._tag] = one
        for one in outgoing:
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
        connection.add_on_connection_blocked_callback(self._on_blocked)
        connection.add_on_connection_unblocked_callback(self._on_unblocked)
        connection.channel(on_open_callback=self._on_channel)

    def _on_channel(self, channel: Channel) -> None:
        self._channel = channel
        channel.add_on_close_callback(lambda _, reason: self._on_end(None, reason))
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
        self._blocked = True
        self._batch.ended.set()

    def _on_unblocked(self, *_: Any) -> None:
        self._blocked = False

    def _on_end(self, _: Connection | None, reason: BaseException) -> None:
        self._break(reason)
        if self._connection:
            self._leave()
            self._connection.ioloop.stop()

    def _break(self, reason: BaseException) -> None:
        self.broken = self.broken or because(reason)
        self._ready.set()
        self._batch.ended.set()
