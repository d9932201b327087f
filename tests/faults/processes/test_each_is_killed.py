"""kill -9 for each process, the broker and the database in turn, while registrations flow in."""

import pytest

from tests.support.busy import BusyInstallation
from tests.support.installation import SERVICES

FEW, MANY = 60, 500
PROCESSES = [f"{service} {kind}" for service in SERVICES for kind in ("web", "worker")]
SERVERS = ["RabbitMQ killed", "PostgreSQL killed", "PostgreSQL shut down at once"]

people = pytest.mark.parametrize("people", [FEW, pytest.param(MANY, marks=pytest.mark.verify)])


@people
@pytest.mark.parametrize("name", PROCESSES)
def test_a_process_is_killed_and_nothing_is_lost(busy: BusyInstallation, name: str, people: int):
    process = busy.processes[name]

    with busy.arrivals.coming(people):
        busy.arrivals.wait_for_more(people // 4)
        process.kill()
        busy.expire_claims()
        process.start()

    busy.check()
    assert process.runs()


@people
@pytest.mark.parametrize("what", SERVERS)
def test_a_server_goes_and_comes_back_and_nothing_is_lost(
    busy: BusyInstallation, what: str, people: int
):
    node, server = busy.broker.node, busy.server
    end, begin = {
        "RabbitMQ killed": (node.kill, node.start),
        "PostgreSQL killed": (server.kill, server.start),
        "PostgreSQL shut down at once": (server.shut_down, server.start),
    }[what]

    with busy.arrivals.coming(people):
        busy.arrivals.wait_for_more(people // 4)
        try:
            end()
        finally:
            begin()

    busy.check()
    assert all(process.runs() for process in busy.processes.values())
