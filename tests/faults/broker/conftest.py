"""Relay, consumer and worker of two services in this process, each pair on a way of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from shared.db import Database
from tests.support.apart import Apart
from tests.support.broker import Broker
from tests.support.rabbitmq import RabbitMQ

NewPair = Callable[[int | None], Apart]


@pytest.fixture
def new_pair(rabbitmq: RabbitMQ, tmp_path: Path) -> Iterator[NewPair]:
    """Return what makes a pair, on a virtual host of its own, by way of a port."""
    made: list[Apart] = []

    def database() -> Database:
        return Database(f"sqlite:///{tmp_path}/{uuid4().hex}.db")

    def make(port: int | None = None) -> Apart:
        made.append(Apart(database, Broker(rabbitmq), port=port))
        return made[-1]

    yield make
    for pair in made:
        pair.publisher.dispose()
        pair.consumer.dispose()
