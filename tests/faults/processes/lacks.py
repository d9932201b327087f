"""Workers that lack what they need: what each lacks, what it should say, and what helps."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

from tests.support.broker import Broker
from tests.support.installation import Installation
from tests.support.postgresql import PostgreSQL
from tests.support.proxy import Proxy

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
