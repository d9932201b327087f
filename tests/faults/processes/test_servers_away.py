"""The broker and the database go and come back, while registrations flow in."""

from collections.abc import Callable

import pytest

from tests.support.busy import BusyInstallation

FEW, MANY = 60, 500

people = pytest.mark.parametrize("people", [FEW, pytest.param(MANY, marks=pytest.mark.verify)])


@people
def test_people_register_while_the_broker_takes_nothing(busy: BusyInstallation, people: int):
    node = busy.broker.node

    def is_short_of_memory(share: str) -> Callable[[], object]:
        return lambda: node.control("set_vm_memory_high_watermark", share)

    ways = [(node.kill, node.start), (is_short_of_memory("0.00001"), is_short_of_memory("0.6"))]
    for end, begin in ways:
        with busy.arrivals.coming(people):
            busy.arrivals.wait_for_more(people // 4)
            end()
            try:
                busy.arrivals.come(people // 4)
            finally:
                begin()

    busy.check()


@people
def test_nobody_is_lost_when_the_database_goes(busy: BusyInstallation, people: int):
    for end in (busy.server.kill, busy.server.shut_down):
        with busy.arrivals.coming(people):
            busy.arrivals.wait_for_more(people // 4)
            try:
                end()
            finally:
                busy.server.start()

    busy.check()
    assert all(process.runs() for process in busy.processes.values())
