"""Real databases: each test that asks for one runs on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from shared.db import Database
from tests.support.office import Office

NewDatabase = Callable[[], Database]


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
