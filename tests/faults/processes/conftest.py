"""One installation of six processes for all that is done to them, to save time."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.faults.processes.lacks import LACKS, Scene
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


@pytest.fixture(scope="package")
def scenes(
    postgresql: PostgreSQL, rabbitmq: RabbitMQ, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Scene]]:
    """Return a scene for each lack, all begun at once."""
    directory = tmp_path_factory.mktemp("scenes")
    with ExitStack() as stack:
        scenes = {}
        for name, lack in LACKS.items():
            scene = scenes[name] = Scene(directory / name, postgresql, Broker(rabbitmq))
            stack.enter_context(scene.to_broker)
            stack.enter_context(scene.to_database)
            lack.take_away(scene)
        for scene in scenes.values():
            stack.callback(scene.worker.start().kill)
        yield scenes
