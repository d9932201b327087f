"""Workers side by side on one database."""

import threading

from shared.contracts import Envelope, Event
from shared.db import Database
from shared.messaging.worker import BATCH
from tests.support.house import House, note
from tests.support.postgresql import PostgreSQL


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
