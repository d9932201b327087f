"""How long an event takes from committed to handled, where they come at a steady pace."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from threading import Event, Thread
from time import perf_counter

import psycopg

from shared.messaging import publish
from tests.support.apart import Apart
from tests.support.house import Thing, a_fact
from tests.support.waiting import wait_for

A_SECOND = 50
_COUNT, _WARMING = 600, 100  # the first are not counted: connections are opened, caches filled
_LOOK_EVERY = 0.004  # seconds


def beats() -> Iterator[None]:
    """Yield at a steady pace, until nobody asks for more."""
    due = perf_counter()
    while True:
        due += 1 / A_SECOND
        Event().wait(max(0.0, due - perf_counter()))
        yield


def seconds(pair: Apart) -> list[float]:
    """Return how long each event took; relay, consumer and inbox are at work elsewhere."""
    committed: dict[str, float] = {}
    with _watched(pair) as handled:
        for _ in islice(beats(), _COUNT):
            with pair.publisher.transaction("benchmark") as session:
                thing = Thing()
                session.add(thing)
                publish(session, a_fact(session), about=thing)
            committed[str(thing.id)] = perf_counter()
        wait_for(lambda: handled.keys() >= committed.keys(), seconds=300, what="all events")
    counted = list(committed)[_WARMING:]
    return [handled[subject] - committed[subject] for subject in counted]


@contextmanager
def _watched(pair: Apart) -> Iterator[dict[str, float]]:
    """Yield when each subject's event was seen to be handled, growing while the block runs."""
    handled: dict[str, float] = {}
    over = Event()
    url = pair.consumer.engine.url.set(drivername="postgresql").render_as_string()

    def look() -> None:
        last = 0
        question = "select id, subject from inbox where state = 'done' and id > %s order by id"
        with psycopg.connect(url, autocommit=True) as connection:
            while not over.wait(_LOOK_EVERY):
                for id, subject in connection.execute(question, [last]).fetchall():
                    last, handled[subject] = id, perf_counter()

    thread = Thread(target=look, daemon=True)
    thread.start()
    try:
        yield handled
    finally:
        over.set()
        thread.join()
