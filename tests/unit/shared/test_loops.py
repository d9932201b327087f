"""Loops that go on for ever, and their circuits: when they try again, and what they say."""

import threading
from collections.abc import Callable

import pytest
from prometheus_client import REGISTRY
from psycopg.errors import ConnectionFailure
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from shared.messaging.circuit import Circuit
from shared.messaging.loops import Loop
from shared.outages import Outage
from tests.support.waiting import wait_for

AWAY = Outage("BROKER_URL: the broker does not answer. Is it running?")


def is_open(loop: str) -> bool:
    return REGISTRY.get_sample_value("coproduce_circuit_open", {"loop": loop}) == 1


def test_pauses_grow_until_the_circuit_opens():
    circuit = Circuit("test.pauses")

    assert [circuit.failed(AWAY) for _ in range(8)] == [0.4, 0.8, 1.6, 3.2, 10, 10, 10, 10]


def test_a_long_failure_is_a_line_at_first_and_then_one_a_minute():
    circuit = Circuit("test.lines")
    with capture_logs() as lines:
        seconds = sum(circuit.failed(AWAY) for _ in range(5 + 6 * 3))
        circuit.succeeded()

    assert [line["event"] for line in lines] == [
        "loop.failed", *["circuit.open"] * 4, "loop.recovered",
    ]  # fmt: skip
    assert {line.get("reason") for line in lines[:-1]} == {str(AWAY)}
    assert lines[-1]["failures"] == 23
    assert seconds > 180


def test_it_shows_while_it_is_open_and_closes_with_the_first_success():
    circuit = Circuit("test.shown")
    seen = []
    for _ in range(5):
        seen.append(is_open("test.shown"))
        circuit.failed(AWAY)
    assert (seen, is_open("test.shown")) == ([False] * 5, True)

    circuit.succeeded()
    assert not is_open("test.shown")
    assert circuit.failed(AWAY) == 0.4


def test_success_says_nothing():
    circuit = Circuit("test.silent")
    with capture_logs() as lines:
        circuit.succeeded()
    assert lines == []


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (AWAY, "BROKER_URL: the broker does not answer. Is it running?"),
        (LookupError("sam@example.org"), "LookupError"),
        (
            OperationalError("select :who", {"who": "sam@example.org"}, ConnectionFailure("sam")),
            "the database does not answer: ConnectionFailure",
        ),
    ],
)
def test_the_reason_names_nobody(error: Exception, said: str):
    with capture_logs() as lines:
        Circuit("test.reason").failed(error)
    assert lines[0]["reason"].startswith(said)
    assert "sam" not in str(lines)


class Steps:
    """Steps that return or raise what they are told, and the last of it for ever."""

    def __init__(self, *outcomes: int | Exception) -> None:
        self.outcomes = list(outcomes)
        self.taken = 0

    def __call__(self) -> int:
        outcome = self.outcomes[min(self.taken, len(self.outcomes) - 1)]
        self.taken += 1
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


def running(step: Callable[[], int], idle: float) -> Loop:
    loop = Loop("test.running", step, idle=idle)
    loop.start()
    return loop


def test_it_goes_on_at_once_while_there_is_work_and_rests_when_there_is_none():
    steps = Steps(5, 5, 5, 0)
    loop = running(steps, idle=3600)
    wait_for(lambda: steps.taken == 4)
    loop.stop()
    loop.join(10)

    assert not loop.is_alive()
    assert steps.taken == 4


def test_a_step_that_fails_in_whatever_way_is_tried_again():
    steps = Steps(ValueError(), AWAY, 1, 0)
    loop = running(steps, idle=3600)
    wait_for(lambda: steps.taken == 4)
    loop.stop()
    loop.join(10)

    assert not loop.is_alive()


def test_stopping_lets_the_step_under_way_finish_and_no_other_begin():
    begun, go_on, ended = threading.Event(), threading.Event(), []

    def step() -> int:
        begun.set()
        go_on.wait(10)
        ended.append(True)
        return 1

    loop = running(step, idle=0.0)
    assert begun.wait(10)
    loop.stop()
    go_on.set()
    loop.join(10)

    assert ended == [True]
