"""What holds for every test: its kind is its folder, and what could not be run is said aloud."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.support.broker import Broker
from tests.support.needs import missing, need
from tests.support.once import Compiled
from tests.support.postgresql import PostgreSQL
from tests.support.rabbitmq import RabbitMQ

HERE = Path(__file__).parent

Flask.jinja_options = {"bytecode_cache": Compiled()}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by the folder it lies in, so that none marks itself."""
    for item in items:
        item.add_marker(item.path.relative_to(HERE).parts[0])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say once, at the end, what this machine lacks."""
    for program in sorted(missing):
        terminalreporter.write_line(
            f"SKIPPED FOR WANT OF {program.upper()}: install it to run these tests too.",
            yellow=True,
            bold=True,
        )


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    server = PostgreSQL(need("postgresql").parent)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def rabbitmq() -> Iterator[RabbitMQ]:
    node = RabbitMQ(need("rabbitmq").parent)
    yield node
    node.stop()


@pytest.fixture
def broker(rabbitmq: RabbitMQ) -> Broker:
    return Broker(rabbitmq)
