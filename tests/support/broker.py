"""A virtual host of a real RabbitMQ, for one test: what services do there, and what is in it."""

from collections.abc import Collection
from typing import Any
from uuid import uuid4

import urllib3
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
        user = f"{service}-{self.host}"
        return f"amqp://{user}:{password}@127.0.0.1:{port or self.node.port}/{self.host}"

    def provide(self, service: str, handled: Collection[str] = ()) -> None:
        """Make what *service* needs."""
        Management(self.node.admin_url, self.host).apply(
            topology(service, handled), user=f"{service}-{self.host}", password=PASSWORD
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

    def ask(self, path: str, *, method: str = "GET", body: Any = None) -> Any:
        """Return what the management API answers about this host: "queues/{host}/x"."""
        url = f"http://127.0.0.1:{self.node.admin_port}/api/{path.format(host=self.host)}"
        answer = self._http.request(method, url, json=body)
        assert answer.status < 400, answer.data
        return answer.json() if answer.data else None
