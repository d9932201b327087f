"""kill -9 for each process, at any moment and where it hurts most, while people keep coming."""

import signal
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.busy import BusyInstallation
from tests.support.installation import SERVICES, Process
from tests.support.waiting import wait_for

MANY = 500
ANY_MOMENT = ""
# The crash points and the pass at which each strikes: a pass is a request, a batch or a letter.
WORST = {
    "membership web": [ANY_MOMENT],
    "membership worker": [ANY_MOMENT],
    "notifications web": [ANY_MOMENT],
    "notifications worker": [
        ANY_MOMENT,
        "consumer.before_commit:2",
        "consumer.after_commit:2",
        "handler.before_commit:2",
        "claim.after_commit:8",
        "mailbox.before_rename:4",
        "outcome.before_commit:2",
    ],
    "registration web": [ANY_MOMENT, "register.before_commit:5", "register.after_commit:5"],
    "registration worker": [
        ANY_MOMENT,
        "relay.number.after_commit:2",
        "relay.published:5",
        "relay.mark.before_commit:2",
    ],
}
OTHERS = {
    "notifications worker": [
        "handler.after_commit:2",
        "claim.before_commit:8",
        "mailbox.before_write:4",
        "mailbox.after_rename:4",
        "outcome.after_commit:2",
        "sweep.before_commit:1",
        "sweep.after_commit:1",
    ],
    "registration web": ["limit.before_commit:5", "limit.after_commit:5"],
    "registration worker": [
        "relay.number.before_commit:2",
        "relay.published:1",
        "relay.published:100",
        "relay.mark.after_commit:2",
    ],
}


@pytest.mark.parametrize(
    "points",
    [
        pytest.param(WORST, id="the worst points"),
        pytest.param(OTHERS, id="the others", marks=pytest.mark.verify),
    ],
)
def test_all_die_again_and_again(busy: BusyInstallation, points: Mapping[str, Sequence[str]]):
    def strike(name: str) -> None:
        for point in points[name]:
            die_at(busy.processes[name], point)
            busy.expire_claims()
        busy.processes[name].start()

    with ThreadPoolExecutor(len(points)) as pool:
        striking = [pool.submit(strike, name) for name in points]
        busy.arrivals.come_until(lambda: all(one.done() for one in striking))
        for one in striking:
            one.result()

    busy.check()


@pytest.mark.verify
@pytest.mark.parametrize(
    "name", [f"{service} {kind}" for service in SERVICES for kind in ("web", "worker")]
)
def test_one_dies_while_many_come(busy: BusyInstallation, name: str):
    process = busy.processes[name]

    with busy.arrivals.coming(MANY):
        busy.arrivals.wait_for_more(MANY // 4)
        process.kill()
        busy.expire_claims()
        process.start()

    busy.check()
    assert process.runs()


def die_at(process: Process, point: str) -> None:
    """Have *process* killed: as it runs, or started anew and at *point*."""
    process.kill()
    if point == ANY_MOMENT:
        return
    before = len(process.lines())
    process.start(CRASH_AT=point)
    if "web" in process.words:  # the one that serves is a child, and was missed at once
        wait_for(
            lambda: any("sent SIGKILL" in line["event"] for line in process.lines()[before:]),
            seconds=120,
            what=f"{point} to strike",
        )
        process.kill()
    else:
        assert process.ended() == -signal.SIGKILL, point
