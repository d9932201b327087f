"""An administrator looks at what could not be handled, retries it and gives it up: in a browser."""

from itertools import count

import pytest
from playwright.sync_api import Browser

from shared.db import Database
from shared.messaging import accept, dead
from tests.support.standalone import Standalone
from tests.support.standalone_staff import signed_in
from tests.support.waiting import wait_for

numbers = count(1)


@pytest.mark.parametrize(("width", "scripts"), [(320, True), (1280, False)])
def test_what_cannot_be_read_is_looked_at_retried_in_vain_and_discarded(
    chromium: Browser, system: Standalone, width: int, scripts: bool
):
    number = next(numbers)
    database = Database(f"sqlite:///{system.var}/notifications.sqlite3")
    with database.transaction("test") as session:
        accept(session, [b"not ours: number %d" % number])

    def is_dead_again() -> bool:
        with database.reading() as session:
            return dead.count(session) == 1

    email, role = f"keeper-{number}@example.org", "administrator"
    visitor = signed_in(chromium, system, email, width=width, scripts=scripts, role=role)

    visitor.follows("System")
    visitor.follows("Notifications")
    visitor.follows("A message that cannot be read")
    visitor.follows("Event ")
    visitor.presses("Show its content")
    visitor.sees(f"not ours: number {number}")
    visitor.presses("Try it again")
    visitor.sees("It will fail again at once")
    visitor.presses("Try 1 event again")
    visitor.sees("1 event is tried again now.")
    wait_for(is_dead_again, what="the event to be given up again")

    visitor.goes_to("/staff/system/notifications")
    visitor.follows("A message that cannot be read")
    visitor.presses("Discard it")
    visitor.presses("Discard 1 event")
    visitor.sees("Enter the reason")
    visitor.types("Reason", "Sent by mistake")
    visitor.presses("Discard 1 event")
    visitor.sees("1 event is discarded.")
    visitor.follows("Events that were discarded")
    visitor.sees("Sent by mistake")
    visitor.leaves()
    with database.reading() as session:
        assert dead.count(session) == 0
    database.dispose()
