"""People who register by the form, at moments of their own, and the moments their mails come."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from threading import Event, Thread
from time import perf_counter
from urllib.parse import urlencode

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_TO = re.compile(rb"^To: (\S+)", re.MULTILINE)
_LOOK_EVERY = 0.003  # seconds


class Person:
    """Somebody with a browser of their own."""

    def __init__(self, port: int, address: str) -> None:
        self.address = address
        self.sent_at = 0.0
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookie = ""

    def register(self, path: str) -> None:
        """Open the form at *path*, fill it in, send it and read what comes next."""
        form = self._ask("GET", path)
        token = _TOKEN.search(form)
        assert token is not None, form
        typed = {"name": "Sam Example", "email": self.address, "csrf_token": token[1]}
        self.sent_at = perf_counter()
        self._ask("POST", path, urlencode(typed | {"website": ""}))
        thanks = self._ask("GET", f"{path}ed")
        assert self.address in thanks, thanks
        self._connection.close()

    def _ask(self, method: str, path: str, body: str | None = None) -> str:
        headers = {"Cookie": self._cookie} if self._cookie else {}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        if given := answer.getheader("Set-Cookie"):
            self._cookie = given.partition(";")[0]
        return answer.read().decode()


def arrive(port: int, path: str, addresses: list[str], *, a_second: float) -> dict[str, float]:
    """Return when each of *addresses* was sent.

    They come at random moments, whether or not others have been served: as the public do.
    """
    chance = Random(1)
    with ThreadPoolExecutor(max_workers=32) as pool:
        people = [Person(port, address) for address in addresses]
        arriving = []
        due = perf_counter()
        for person in people:
            due += chance.expovariate(a_second)
            Event().wait(max(0.0, due - perf_counter()))
            arriving.append(pool.submit(person.register, path))
        for registering in arriving:
            registering.result()
    return {person.address: person.sent_at for person in people}


@contextmanager
def watched(mailbox: Path) -> Iterator[dict[str, float]]:
    """Yield when each address got its mail, growing while the block runs."""
    came: dict[str, float] = {}
    seen = {path.name for path in mailbox.glob("*.eml")}
    over = Event()

    def look() -> None:
        while not over.wait(_LOOK_EVERY):
            for path in mailbox.glob("*.eml"):
                if path.name not in seen:
                    seen.add(path.name)
                    to = _TO.search(path.read_bytes())
                    assert to is not None, path
                    came.setdefault(to[1].decode(), perf_counter())

    thread = Thread(target=look, daemon=True)
    thread.start()
    try:
        yield came
    finally:
        over.set()
        thread.join()
