"""An installation of six processes that people come to, whatever happens to its parts."""

import json
from http.client import HTTPException
from pathlib import Path
from threading import Event, Thread
from urllib.request import Request, urlopen

import psycopg

from tests.support.arrivals import Arrivals
from tests.support.broker import Broker
from tests.support.installation import Installation
from tests.support.invariants import check
from tests.support.ledgers import Ledgers
from tests.support.postgresql import PostgreSQL
from tests.support.waiting import wait_for

SLUG = "sleeping-better"


class BusyInstallation(Installation):
    """Everything runs; there is a webinar with some places, and somebody reads the feed."""

    def __init__(self, directory: Path, server: PostgreSQL, broker: Broker, *, places: int) -> None:
        super().__init__(directory, server, broker)
        self.server = server
        self.arrivals = Arrivals(self.base_url, SLUG)
        self.ledgers = Ledgers(self.databases, self.mailbox)
        self.prepare()
        self._add_webinar(places)
        self.start()
        self.feed = FeedReader(f"{self.base_url}/internal/registration/events", self.feed_token)
        self.feed.start()

    def check(self) -> None:
        """Wait until nothing is left to do, then compare everything. Raises AssertionError."""
        wait_for(self.ledgers.is_settled, seconds=90, what="everything to be relayed and sent")
        balance = self.arrivals.balance(row.email for row in self.ledgers.registrations())
        print(balance)
        assert balance.is_even, balance
        check(self.ledgers)
        assert self.feed.read == list(range(1, len(self.feed.read) + 1))

    def expire_claims(self) -> None:
        """Let the time of every claim run out that a killed sender has left."""
        url = self.databases["notifications"].replace("+psycopg", "")
        with psycopg.connect(url) as connection:
            connection.execute("update delivery set claim_until = now() where state = 'sending'")

    def stop(self) -> None:
        """Kill whatever still runs."""
        self.feed.over.set()
        self.feed.join()
        super().stop()

    def _add_webinar(self, places: int) -> None:
        told = {
            "title": "Sleeping better",
            "summary": "What helps, and what does not.",
            "expect": "A talk, then questions.",
            "starts": "2199-07-04 12:00",
            "capacity": str(places),
            "joining-link": "https://meet.example.org/secret",
        }
        options = [f"--{name}={value}" for name, value in told.items()]
        self.run("registration", "webinar", "add", *options)


class FeedReader(Thread):
    """Another service that reads all of a publisher's history, once, as it grows."""

    def __init__(self, url: str, token: str) -> None:
        super().__init__(daemon=True)
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"}
        self.read: list[int] = []  # positions
        self.over = Event()

    def run(self) -> None:
        """Read on until it is over."""
        while not self.over.wait(1.0):
            after = self.read[-1] if self.read else 0
            request = Request(f"{self._url}?after={after}", headers=self._headers)  # noqa: S310
            try:
                with urlopen(request, timeout=30) as answer:  # noqa: S310
                    self.read += [int(event["sequence"]) for event in json.load(answer)]
            except (OSError, ValueError, HTTPException):
                continue  # it is away, or went away in the middle of a page
