"""Every process is killed where it hurts most, again and again, while people keep coming."""

import signal
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.busy import BusyInstallation
from tests.support.installation import Process
from tests.support.waiting import wait_for

# The point and the pass at which it strikes, by process: a pass is a request, a batch or a letter.
WORST = {
    "registration web": ["register.before_commit:5", "register.after_commit:5"],
    "registration worker": [
        "relay.number.after_commit:2",
        "relay.published:5",
        "relay.mark.before_commit:2",
    ],
    "notifications worker": [
        "consumer.before_commit:2",
        "consumer.after_commit:2",
        "handler.before_commit:2",
        "claim.after_commit:8",
        "mailbox.before_rename:4",
        "outcome.before_commit:2",
    ],
}
OTHERS = {
    "registration web": ["limit.before_commit:5", "limit.after_commit:5"],
    "registration worker": [
        "relay.number.before_commit:2",
        "relay.published:1",
        "relay.published:100",
        "relay.mark.after_commit:2",
    ],
    "notifications worker": [
        "handler.after_commit:2",
        "claim.before_commit:8",
        "mailbox.before_write:4",
        "mailbox.after_rename:4",
        "outcome.after_commit:2",
        "sweep.before_commit:1",
        "sweep.after_commit:1",
    ],
}


@pytest.mark.parametrize("points", [WORST, pytest.param(OTHERS, marks=pytest.mark.verify)])
def test_nothing_is_lost_or_done_twice(busy: BusyInstallation, points: Mapping[str, Sequence[str]]):
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


def die_at(process: Process, point: str) -> None:
    """Start *process* anew and return once it was killed at *point*."""
    process.kill()
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
