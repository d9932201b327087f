"""Registrations that flow in by the API: each asked for again, with its key, until answered."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPException
from itertools import count
from threading import Event
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import uuid4

from tests.support.balance import Balance
from tests.support.waiting import wait_for

AT_ONCE = 4
_BETWEEN = 0.25  # seconds from one to the next who come until it is enough
# What a program is told while the database is away, or while an earlier try is still under way.
_AGAIN = (409, 503)


class Arrivals:
    """Everybody who was registered at one webinar: who was asked for, and who was answered."""

    def __init__(self, base_url: str, slug: str) -> None:
        self._url = f"{base_url}/v1/webinars/{slug}/registrations"
        self._numbers = count(1)
        self.attempted: set[str] = set()
        self.acknowledged: set[str] = set()

    def come(self, number: int) -> None:
        """Register so many more, a few at once. Raises AssertionError for any other answer."""
        with self.coming(number):
            pass

    @contextmanager
    def coming(self, number: int) -> Iterator[None]:
        """Register so many more while the block runs, and go on until all have been answered."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            asked = [pool.submit(self._register) for _ in range(number)]
            try:
                yield
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
            for one in asked:
                one.result()

    def come_until(self, enough: Callable[[], bool]) -> None:
        """Register a few a second until it is *enough*."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            asked = []
            while not enough():
                asked.append(pool.submit(self._register))
                Event().wait(_BETWEEN)
            for one in asked:
                one.result()

    def wait_for_more(self, number: int) -> None:
        """Wait until so many more than now have been answered."""
        wanted = len(self.acknowledged) + number
        wait_for(lambda: len(self.acknowledged) >= wanted, seconds=60, what="registrations")

    def balance(self, found: Iterable[str]) -> Balance:
        """Return who was asked for and answered beside who was *found* to be registered."""
        return Balance("registrations", self.attempted, self.acknowledged, Counter(found))

    def _register(self) -> None:
        address = f"person-{next(self._numbers)}@example.org"
        body = {"name": "Sam Example", "email": address, "wants_invitations": True}
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid4())}
        request = Request(self._url, json.dumps(body).encode(), headers)  # noqa: S310
        self.attempted.add(address)
        wait_for(lambda: _is_answered(request), seconds=60, what="a registration to be answered")
        self.acknowledged.add(address)


def _is_answered(request: Request) -> bool:
    try:
        with urlopen(request, timeout=30) as answer:  # noqa: S310
            return bool(answer.status == 202)
    except HTTPError as error:
        with error:
            if error.code not in _AGAIN:
                raise AssertionError(f"{error.code} {error.read()!r}") from error
        return False
    except (OSError, HTTPException):
        return False  # whoever asks cannot tell whether it was done
