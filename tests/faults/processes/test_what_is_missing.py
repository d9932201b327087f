"""A worker that lacks what it needs says so in a line, waits, and goes on by itself."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from notifications.mail.mailbox import Mailbox
from tests.support.broker import Broker
from tests.support.installation import Installation
from tests.support.messages import outgoing
from tests.support.postgresql import PostgreSQL
from tests.support.proxy import Proxy
from tests.support.rabbitmq import RabbitMQ
from tests.support.waiting import wait_for

A_WHILE = timedelta(seconds=4)  # in which whoever tries again and again would have filled a page


class Scene:
    """An installation of which notifications' worker runs, with its ways to what it needs."""

    def __init__(self, directory: Path, server: PostgreSQL, broker: Broker) -> None:
        directory.mkdir()
        self.apart = Installation(directory, server, broker)
        self.to_broker = Proxy(broker.node.port)
        self.to_database = Proxy(server.port)
        self.database_url = self.apart.databases["notifications"]
        by_way = make_url(self.database_url).set(port=self.to_database.port)
        self.worker = self.apart.process(
            "notifications",
            "worker",
            "--only",
            "consumer,inbox,sender",
            DATABASE_URL=by_way.render_as_string(),
            BROKER_URL=broker.url("notifications", port=self.to_broker.port),
        )
        for command in (["registration", "topology"], ["notifications", "topology"]):
            self.apart.run(*command)
        self.migrate()

    def provide(self) -> None:
        self.apart.run("notifications", "topology")

    def migrate(self) -> None:
        self.apart.run("notifications", "migrate")

    def change_password(self) -> None:
        body = {"password": "another", "tags": ""}
        self.apart.broker.ask("users/notifications-{host}", method="PUT", body=body)

    def delete_queue(self) -> None:
        self.apart.broker.ask("queues/{host}/notifications", method="DELETE")

    def drop_tables(self) -> None:
        with psycopg.connect(self.database_url.replace("+psycopg", "")) as connection:
            connection.execute("drop schema public cascade")
            connection.execute("create schema public")

    def complaints(self) -> list[dict[str, Any]]:
        """Return the lines in which the worker complains."""
        return [line for line in self.worker.lines() if line["level"] != "info"]

    def complained_a_while_ago(self) -> bool:
        """Return whether the first of them has been there for a while."""
        moments = [datetime.fromisoformat(line["timestamp"]) for line in self.complaints()]
        return bool(moments) and moments[0] < datetime.now(UTC) - A_WHILE


@dataclass(frozen=True)
class Lack:
    """What a worker says that lacks something: the name of the line, and how its reason begins."""

    event: str
    reason: str
    take_away: Callable[[Scene], None]
    bring_back: Callable[[Scene], None]


LACKS = {
    "no broker": Lack(
        "loop.failed",
        "BROKER_URL: the broker does not answer.",
        lambda scene: scene.to_broker.refuse(),
        lambda scene: scene.to_broker.heal(),
    ),
    "another password": Lack(
        "loop.failed",
        "BROKER_URL: the broker refuses this user or password.",
        Scene.change_password,
        Scene.provide,
    ),
    "no queue": Lack(
        "loop.failed",
        "The broker lacks an exchange or queue that is needed.",
        Scene.delete_queue,
        Scene.provide,
    ),
    "no database": Lack(
        "waiting",
        "DATABASE_URL: the database does not answer.",
        lambda scene: scene.to_database.refuse(),
        lambda scene: scene.to_database.heal(),
    ),
    "no tables": Lack(
        "waiting",
        "DATABASE_URL: the database is not up to date. Run: notifications migrate",
        Scene.drop_tables,
        Scene.migrate,
    ),
}


@pytest.fixture(scope="module")
def scenes(
    postgresql: PostgreSQL, rabbitmq: RabbitMQ, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Scene]]:
    """Return a scene for each lack, all begun at once to save time."""
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


@pytest.mark.parametrize("name", LACKS)
def test_it_says_so_waits_and_goes_on_by_itself(scenes: dict[str, Scene], name: str):
    scene, lack = scenes[name], LACKS[name]

    wait_for(scene.complained_a_while_ago, seconds=60, what="a worker to say what it lacks")
    first, *others = scene.complaints()
    assert first["event"] == lack.event
    assert first["reason"].startswith(lack.reason)
    assert [line["event"] for line in others] in ([], ["circuit.open"])

    lack.bring_back(scene)
    mailbox = Mailbox(scene.apart.mailbox)
    scene.apart.broker.publish(outgoing())
    wait_for(lambda: list(mailbox.headings()), seconds=90, what="the worker to do its work")
    assert scene.worker.runs()
    assert scene.apart.complaints() == []


def test_commands_and_pages_wait_as_well(
    postgresql: PostgreSQL, rabbitmq: RabbitMQ, tmp_path: Path
):
    apart = Installation(tmp_path, postgresql, Broker(rabbitmq))
    with Proxy(postgresql.port) as to_database, Proxy(rabbitmq.admin_port) as to_broker:
        to_database.refuse()
        to_broker.refuse()
        url = make_url(apart.databases["registration"]).set(port=to_database.port)
        database = {"DATABASE_URL": url.render_as_string()}
        broker = {"BROKER_ADMIN_URL": f"http://guest:guest@127.0.0.1:{to_broker.port}"}
        web = apart.process("registration", "web", **database)
        migrate = apart.process("registration", "migrate", **database)
        topology = apart.process("registration", "topology", **broker)
        with ExitStack() as stack:
            for process in (web, migrate, topology):
                stack.callback(process.start().kill)
            for process in (web, migrate, topology):
                wait_for(lambda: "waiting" in process.log.read_text(), seconds=60)  # noqa: B023

            to_database.heal()
            to_broker.heal()
            assert (migrate.ended(), topology.ended()) == (0, 0)
            wait_for(lambda: apart.is_ready("registration"), seconds=60, what="the first page")
        for process in (web, migrate, topology):
            assert process.log.read_text().count("waiting") <= 2
            assert "Traceback" not in process.log.read_text()
