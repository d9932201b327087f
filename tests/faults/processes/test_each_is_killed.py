"""kill -9 for each process, the broker and the database in turn, while registrations flow in."""

import pytest

from tests.support.busy import BusyInstallation
from tests.support.installation import SERVICES

FEW, MANY = 60, 500
PROCESSES = [f"{service} {kind}" for service in SERVICES for kind in ("web", "worker")]

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
@pytest.mark.parametrize("what", ["killed", "short of memory"])
def test_people_register_while_the_broker_takes_nothing(
    busy: BusyInstallation, what: str, people: int
):
    node = busy.broker.node
    end, begin = {
        "killed": (node.kill, node.start),
        "short of memory": (
            lambda: node.control("set_vm_memory_high_watermark", "0.00001"),
            lambda: node.control("set_vm_memory_high_watermark", "0.6"),
        ),
    }[what]

    with busy.arrivals.coming(people):
        busy.arrivals.wait_for_more(people // 4)
        end()
        try:
            busy.arrivals.come(people // 4)
        finally:
            begin()

    busy.check()


@people
@pytest.mark.parametrize("how", ["killed", "shut down at once"])
def test_the_database_goes_and_comes_back_and_nothing_is_lost(
    busy: BusyInstallation, how: str, people: int
):
    end = busy.server.kill if how == "killed" else busy.server.shut_down

    with busy.arrivals.coming(people):
        busy.arrivals.wait_for_more(people // 4)
        try:
            end()
        finally:
            busy.server.start()

    busy.check()
    assert all(process.runs() for process in busy.processes.values())
