"""A broker, or the way to it, that says nothing: the worst peer, for it looks like a slow one."""

import signal
from collections.abc import Sequence
from contextlib import ExitStack
from time import monotonic

import pytest

from shared.messaging.rabbit import consumer, link
from shared.messaging.rabbit.timeouts import HEARTBEAT
from tests.faults.broker.conftest import NewPair
from tests.support.apart import Apart
from tests.support.proxy import DOWN, UP, Proxy
from tests.support.rabbitmq import RabbitMQ
from tests.support.waiting import wait_for

HOLES = [(UP,), (DOWN,), (UP, DOWN)]
SOON = 30  # seconds in which all must be well again
# A heartbeat, and a silence longer than two of them: so both sides have given each other up.
BRISK, USUAL = (4, 12), (HEARTBEAT, 45)


@pytest.mark.parametrize(
    ("heartbeat", "seconds"), [BRISK, pytest.param(*USUAL, marks=pytest.mark.verify)]
)
def test_all_is_well_soon_after_a_black_hole_or_a_freeze(
    rabbitmq: RabbitMQ,
    new_pair: NewPair,
    monkeypatch: pytest.MonkeyPatch,
    heartbeat: int,
    seconds: int,
):
    for module in (consumer, link):
        monkeypatch.setattr(module, "HEARTBEAT", heartbeat)
    with ExitStack() as stack:
        proxies = [stack.enter_context(Proxy(rabbitmq.port)) for _ in HOLES]
        pairs = [new_pair(proxy.port) for proxy in proxies]
        for pair in pairs:
            stack.enter_context(pair.at_work())
        change(pairs)
        wait_until_handled(pairs, 1)

        for proxy, ways in zip(proxies, HOLES, strict=True):
            proxy.black_hole(*ways)
        change(pairs)
        wait(seconds)
        assert [len(pair.effects()) for pair in pairs] == [1, 1, 1]
        for proxy in proxies:
            proxy.heal()
        wait_until_handled(pairs, 2)

        rabbitmq.signal(signal.SIGSTOP)
        try:
            change(pairs)
            wait(seconds)
        finally:
            rabbitmq.signal(signal.SIGCONT)
        wait_until_handled(pairs, 3)


def change(pairs: Sequence[Apart]) -> None:
    for pair in pairs:
        pair.change(pair.thing())


def wait(seconds: float) -> None:
    end = monotonic() + seconds
    wait_for(lambda: monotonic() > end, seconds=seconds + 1)


def wait_until_handled(pairs: Sequence[Apart], count: int) -> None:
    def effects() -> list[int]:
        return [len(pair.effects()) for pair in pairs]

    wait_for(lambda: min(effects()) >= count, seconds=SOON, what=f"{count} effects of each")
    assert effects() == [count] * len(pairs)
