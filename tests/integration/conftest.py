"""Real databases: each test that asks for one runs on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from shared.db import Database
from tests.support.broker import Broker
from tests.support.needs import need
from tests.support.office import Office
from tests.support.postgresql import PostgreSQL
from tests.support.rabbitmq import RabbitMQ

NewDatabase = Callable[[], Database]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    server = PostgreSQL(need("postgresql").parent)
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NewDatabase]:
    """Return what makes empty databases, all of one kind."""
    made: list[Database] = []

    def make() -> Database:
        if request.param == "sqlite":
            url = f"sqlite:///{tmp_path}/{uuid4().hex}.db"
        else:
            url = request.getfixturevalue("postgresql").database()
        made.append(Database(url))
        return made[-1]

    yield make
    for database in made:
        database.dispose()


@pytest.fixture
def database(new_database: NewDatabase) -> Database:
    return new_database()


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    return Office(database, tmp_path)


@pytest.fixture(scope="session")
def rabbitmq() -> Iterator[RabbitMQ]:
    node = RabbitMQ(need("rabbitmq").parent)
    yield node
    node.stop()


@pytest.fixture
def broker(rabbitmq: RabbitMQ) -> Broker:
    return Broker(rabbitmq)
