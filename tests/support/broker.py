"""A virtual host of a real RabbitMQ, for one test: what services do there, and what is in it."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pika
import urllib3
from pika.adapters.blocking_connection import BlockingChannel
from urllib3.util import make_headers

from shared.db import Database
from shared.messaging import Outgoing
from shared.messaging.rabbit import Consumer, RabbitTransport
from shared.messaging.rabbit.management import Management
from shared.messaging.rabbit.topology import topology
from tests.support.rabbitmq import RabbitMQ

PASSWORD = "secret"


class Broker:
    """What is declared, sent and fetched here is seen by no other test."""

    def __init__(self, node: RabbitMQ) -> None:
        self.node = node
        self.host = f"test-{uuid4().hex}"
        self._http = urllib3.PoolManager(headers=make_headers(basic_auth="guest:guest"))

    def url(self, service: str, *, password: str = PASSWORD, port: int | None = None) -> str:
        """Return the URL by which *service*, as a user of its own, reaches this host."""
        return (
            f"amqp://{self.user(service)}:{password}@127.0.0.1:{port or self.node.port}/{self.host}"
        )

    def user(self, service: str) -> str:
        """Return as whom *service* comes."""
        return f"{service}-{self.host}"

    def provide(self, service: str, handled: Collection[str] = ()) -> None:
        """Make what *service* needs."""
        Management(self.node.admin_url, self.host).apply(
            topology(service, handled), user=self.user(service), password=PASSWORD
        )

    def transport(self, service: str, *, port: int | None = None) -> RabbitTransport:
        """Return the transport of *service*, perhaps by way of another *port*."""
        return RabbitTransport(self.url(service, port=port), service)

    def consumer(self, service: str, database: Database, *, port: int | None = None) -> Consumer:
        """Return a consumer of *service*, perhaps by way of another *port*."""
        return Consumer(self.url(service, port=port), service, database)

    def publish(self, outgoing: Outgoing) -> None:
        """Publish bytes as no relay would."""
        transport = self.transport(outgoing.type.partition(".")[0])
        try:
            transport.deliver([outgoing])
        finally:
            transport.close()

    @contextmanager
    def channel(self, user: str = "", password: str = PASSWORD) -> Iterator[BlockingChannel]:
        """Yield a channel of the administrator, or of the user of a service."""
        url = self.url(user, password=password) if user else self.admin_url()
        connection = pika.BlockingConnection(pika.URLParameters(url))
        try:
            yield connection.channel()
        finally:
            if connection.is_open:
                connection.close()

    def admin_url(self) -> str:
        """Return the URL by which the administrator reaches this host."""
        return f"amqp://guest:guest@127.0.0.1:{self.node.port}/{self.host}"

    def count(self, queue: str) -> int:
        """Return how many messages wait in *queue* and were brought to nobody."""
        with self.channel() as channel:
            return int(channel.queue_declare(queue, passive=True).method.message_count)

    def drain(self, queue: str) -> list[bytes]:
        """Take everything out of *queue*, and return it."""
        with self.channel() as channel:
            count = channel.queue_declare(queue, passive=True).method.message_count
            # A queue with a single active consumer gives nothing by basic.get.
            brought = channel.consume(queue, auto_ack=True, inactivity_timeout=10)
            return [body for _, (_, _, body) in zip(range(count), brought, strict=False)]

    def send(self, queue: str, *bodies: bytes) -> None:
        """Put bytes into *queue* as no relay would."""
        with self.channel() as channel:
            channel.confirm_delivery()
            for body in bodies:
                channel.basic_publish("", queue, body, mandatory=True)

    def connections(self) -> list[dict[str, Any]]:
        """Return the connections to this host, as the broker counts them."""
        found: list[dict[str, Any]] = self.ask("vhosts/{host}/connections")
        return found

    def ask(self, path: str, *, method: str = "GET", body: Any = None) -> Any:
        """Return what the management API answers about this host: "queues/{host}/x"."""
        url = f"http://127.0.0.1:{self.node.admin_port}/api/{path.format(host=self.host)}"
        answer = self._http.request(method, url, json=body)
        assert answer.status < 400, answer.data
        return answer.json() if answer.data else None
