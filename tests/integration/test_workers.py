"""Workers side by side on one database."""

import threading
from collections import Counter

from shared.contracts import Envelope, Event
from shared.contracts.registration import WebinarPublished
from shared.db import Database
from shared.messaging import Worker
from shared.messaging.worker import BATCH
from tests.integration.conftest import NewDatabase
from tests.support.house import House, note
from tests.support.postgresql import PostgreSQL


def test_workers_side_by_side_handle_each_event_once(new_database: NewDatabase):
    house = House(new_database)
    house.change(house.thing(), times=3 * BATCH)
    house.relay.run_once()
    together = threading.Barrier(4)

    def work() -> None:
        worker = Worker(house.consumer, {WebinarPublished: note})
        together.wait()
        while worker.run_once():
            pass

    workers = [threading.Thread(target=work) for _ in range(4)]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join()
    house.settle()

    assert Counter(version for _, version in house.effects()) == Counter(range(1, 3 * BATCH + 1))


def test_a_worker_that_hangs_holds_up_none_but_its_own_events(postgresql: PostgreSQL):
    """SQLite has one writer at a time: there another worker can but wait."""
    hanging, go_on = threading.Event(), threading.Event()

    def hang(session, event: Event, envelope: Envelope) -> None:
        note(session, event, envelope)
        if envelope.subjectversion == 1:
            hanging.set()
            go_on.wait(60)

    house = House(lambda: Database(postgresql.database()), hang)
    house.change(house.thing(), times=BATCH + 2)
    house.relay.run_once()
    worker = threading.Thread(target=house.worker.run_once)
    worker.start()
    assert hanging.wait(60)

    counts = [house.worker.run_once() for _ in range(2)]
    seen = [version for _, version in house.effects()]
    go_on.set()
    worker.join()

    assert counts == [2, 0]
    assert seen == [BATCH + 1, BATCH + 2]
    assert len(house.effects()) == BATCH + 2
    for database in (house.publisher, house.consumer):
        database.dispose()
