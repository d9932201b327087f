"""One installation of six processes for all that is done to them, to save time."""

from collections.abc import Iterator

import pytest

from tests.support.broker import Broker
from tests.support.busy import BusyInstallation
from tests.support.postgresql import PostgreSQL
from tests.support.rabbitmq import RabbitMQ

PLACES = 200  # fewer than people: some have to wait


@pytest.fixture(scope="package")
def busy(
    postgresql: PostgreSQL, rabbitmq: RabbitMQ, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BusyInstallation]:
    directory = tmp_path_factory.mktemp("busy")
    installation = BusyInstallation(directory, postgresql, Broker(rabbitmq), places=PLACES)
    yield installation
    installation.stop()
