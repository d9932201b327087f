"""A worker that lacks what it needs says so in a line, waits, and goes on by itself."""

from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import make_url

from notifications.mail.mailbox import Mailbox
from tests.faults.processes.lacks import LACKS, Scene
from tests.support.broker import Broker
from tests.support.installation import Installation
from tests.support.messages import outgoing
from tests.support.postgresql import PostgreSQL
from tests.support.proxy import Proxy
from tests.support.rabbitmq import RabbitMQ
from tests.support.waiting import wait_for


@pytest.fixture(scope="module")
def mended(scenes: dict[str, Scene]) -> dict[str, Scene]:
    """Return the scenes with nothing lacking any more, and an event for each worker."""
    for name, scene in scenes.items():
        LACKS[name].bring_back(scene)
        scene.apart.broker.publish(outgoing())
    return scenes


@pytest.mark.parametrize("name", LACKS)
def test_it_says_so_and_waits(scenes: dict[str, Scene], name: str):
    scene, lack = scenes[name], LACKS[name]

    wait_for(scene.complained_a_while_ago, seconds=60, what="a worker to say what it lacks")
    first, *others = scene.complaints()
    assert first["event"] == lack.event
    assert first["reason"].startswith(lack.reason)
    assert [line["event"] for line in others] in ([], ["circuit.open"])


@pytest.mark.parametrize("name", LACKS)
def test_it_goes_on_by_itself(mended: dict[str, Scene], name: str):
    scene = mended[name]
    mailbox = Mailbox(scene.apart.mailbox)

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
