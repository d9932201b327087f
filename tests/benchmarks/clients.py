"""Clients that ask as fast as they are answered, in a process of their own.

In the server's process, or in that of the other benchmarks, they would slow what they measure.
"""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from time import perf_counter

CLIENTS = 16
# Requests on one connection. Were it kept for good, chance alone would decide, for the whole run,
# how many of the clients each process of the server has to serve.
_KEPT = 50


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What to ask, for how long or how often; registrations where *people* has a name for them."""

    port: int
    path: str = "/"
    people: str = ""
    seconds: float = 600.0
    requests: int = 10_000_000
    warming: float = 1.0  # seconds, not counted: caches are filled, connections opened


@dataclass(frozen=True)
class Load:
    """What the clients met."""

    rate: float
    seconds: list[float]  # one for each answer
    answers: dict[str, int]  # how many, by status
    full: int  # how many were told that the webinar is full


def run(plan: Plan) -> Load:
    """Return what the clients met who followed *plan*.

    Raises subprocess.CalledProcessError when one of them was cut off: fewer would tell nothing.
    """
    command = [sys.executable, "-m", __name__, json.dumps(vars(plan))]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Load(**json.loads(done.stdout))


class _Clients:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.numbers = iter(range(plan.requests))
        self.answers: list[tuple[float, float, int, bool]] = []  # begun, ended, status, full

    def run(self) -> Load:
        counted_from = perf_counter() + self.plan.warming
        until = counted_from + self.plan.seconds
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(self._ask, [until] * CLIENTS))
        counted = [answer for answer in self.answers if answer[0] >= counted_from]
        last = max(ended for _, ended, _, _ in counted)
        return Load(
            rate=len(counted) / (last - counted_from),
            seconds=[ended - begun for begun, ended, _, _ in counted],
            answers=Counter(str(status) for _, _, status, _ in self.answers),
            full=sum(full for _, _, _, full in self.answers),
        )

    def _ask(self, until: float) -> None:
        connection = HTTPConnection("127.0.0.1", self.plan.port, timeout=60)
        for asked, number in enumerate(self._numbers(until), start=1):
            begun = perf_counter()
            connection.request(*self._request(number))
            response = connection.getresponse()
            full = b'"full": true' in response.read()
            self.answers.append((begun, perf_counter(), response.status, full))
            if asked % _KEPT == 0:
                connection.close()  # the next request opens it anew
        connection.close()

    def _numbers(self, until: float) -> Iterator[int]:
        for number in self.numbers:
            if perf_counter() > until:
                return
            yield number

    def _request(self, number: int) -> tuple[str, str, str | None, dict[str, str]]:
        if not self.plan.people:
            return "GET", self.plan.path, None, {}
        body = {"name": "Sam Example", "email": f"{self.plan.people}-{number}@example.org"}
        headers = {
            "Content-Type": "application/json",
            # Where the server trusts its proxy, everybody comes from a network of their own.
            "X-Forwarded-For": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}",
        }
        return "POST", self.plan.path, json.dumps(body), headers


if __name__ == "__main__":
    print(json.dumps(vars(_Clients(Plan(**json.loads(sys.argv[1]))).run())))
