"""What nobody but an operator can put right ends a process: a line for each thing, exit code 2."""

from collections.abc import Iterator, Mapping

import pytest

from tests.support.broker import Broker
from tests.support.installation import Installation, Process
from tests.support.postgresql import PostgreSQL
from tests.support.rabbitmq import RabbitMQ

# By the line that is said: the command, and the settings that are wrong.
WRONG: Mapping[str, tuple[list[str], dict[str, str]]] = {
    "BROKER_URL: Missing. Set it to amqp://": (["registration", "worker"], {"BROKER_URL": ""}),
    "BROKER_URL: Not the address of a RabbitMQ": (
        ["registration", "worker"],
        {"BROKER_URL": "http://127.0.0.1"},
    ),
    "FEEDS: it lacks registration.": (
        ["notifications", "worker"],
        {"FEEDS": "membership=http://127.0.0.1:1"},
    ),
    "FEED_TOKEN: Too short. Set it to at least 32": (
        ["membership", "web"],
        {"FEED_TOKEN": "too short"},
    ),
    "DATABASE_URL: Not the address of a PostgreSQL or SQLite database.": (
        ["registration", "migrate"],
        {"DATABASE_URL": "mysql://127.0.0.1/coproduce"},
    ),
    "BROKER_URL: the administrator is too mighty.": (
        ["registration", "topology"],
        {"BROKER_URL": "amqp://guest:guest@127.0.0.1/%2F"},
    ),
    "BROKER_ADMIN_URL: the broker refuses this administrator or password.": (
        ["registration", "topology"],
        {"BROKER_ADMIN_URL": "http://guest:wrong@127.0.0.1:{port}"},
    ),
    "The broker refuses queues/": (["notifications", "topology"], {}),
}


@pytest.fixture(scope="module")
def processes(
    postgresql: PostgreSQL, rabbitmq: RabbitMQ, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Process]]:
    """Return every process, begun at once to save time."""
    directory = tmp_path_factory.mktemp("ends")
    apart = Installation(directory, postgresql, Broker(rabbitmq))
    apart.run("registration", "topology")
    # A queue of another type is in the way.
    apart.broker.ask("queues/{host}/notifications", method="PUT", body={"durable": True})
    processes = {}
    for number, (line, (words, settings)) in enumerate(WRONG.items()):
        stated = {name: text.format(port=rabbitmq.admin_port) for name, text in settings.items()}
        process = processes[line] = apart.process(*words, **stated)
        process.log = directory / f"{number}.log"
        process.start()
    yield processes
    for process in processes.values():
        process.kill()


@pytest.mark.parametrize("line", WRONG)
def test_a_process_says_what_is_wrong_and_ends(processes: dict[str, Process], line: str):
    process = processes[line]

    assert process.ended() == 2
    told = process.log.read_text().splitlines()
    assert len(told) == 1
    assert told[0].startswith(f"Error: {line}")
