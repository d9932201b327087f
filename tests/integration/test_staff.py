"""What staff do, and how things stand, is told to membership; on either database."""

from uuid import UUID

import pytest
from sqlalchemy import select

from membership.app import SERVICE as MEMBERSHIP
from membership.staff.models import ToldFigure
from registration import commands, queries
from registration.app import SERVICE as REGISTRATION
from registration.commands import Person
from registration.demo import add_demo
from shared.db import Database
from shared.messaging import LocalTransport, Relay, Worker
from shared.staff import record
from shared.staff.figures import Count, tell
from shared.staff.models import StaffAct
from tests.integration.conftest import NewDatabase
from tests.support.once import migrate
from tests.support.staff import a_member_of_staff


class Two:
    """Registration and membership, with what carries events from the one to the other."""

    def __init__(self, new_database: NewDatabase) -> None:
        self.registration, self.membership = new_database(), new_database()
        migrate(self.registration, "registration")
        migrate(self.membership, "membership")
        transport = LocalTransport({self.membership: MEMBERSHIP.handled})
        self._steps = [
            Relay(self.registration, transport).run_once,
            Worker(self.membership, MEMBERSHIP.handlers).run_once,
        ]

    def settle(self) -> None:
        """Relay and handle until nothing is due."""
        while sum(step() for step in self._steps):
            pass

    def figures(self) -> dict[tuple[str, str], int]:
        """Return what membership shows, by name and day."""
        with self.membership.reading() as session:
            return {(row.name, row.day): row.number for row in session.scalars(select(ToldFigure))}


@pytest.fixture
def two(new_database: NewDatabase) -> Two:
    return Two(new_database)


def acts(database: Database) -> list[tuple[UUID, str, UUID, str, str]]:
    with database.reading() as session:
        rows = session.scalars(select(StaffAct).order_by(StaffAct.id))
        return [(row.id, row.service, row.account_id, row.action, row.about) for row in rows]


def test_what_staff_do_elsewhere_is_in_the_trail_once(two: Two):
    sam = a_member_of_staff()
    with two.registration.transaction("test") as session:
        record(session, sam, action="webinar_cancelled", about="webinar:1")
        record(session, sam, action="registration_withdrawn", about="registration:2")

    two.settle()
    two.settle()

    done = acts(two.membership)
    assert [act[1:] for act in done] == [
        ("registration", sam.account_id, "webinar_cancelled", "webinar:1"),
        ("registration", sam.account_id, "registration_withdrawn", "registration:2"),
    ]
    assert done == acts(two.registration)


def test_what_membership_s_own_staff_do_is_there_at_once(two: Two):
    with two.membership.transaction("test") as session:
        record(session, a_member_of_staff(), action="signed_in", about="account:1")

    assert [act[1] for act in acts(two.membership)] == ["membership"]


def test_figures_are_told_when_they_change(two: Two):
    counts = [Count("people_waiting", 2), Count("registrations", 5, "2026-07-02")]

    def told() -> int:
        with two.registration.transaction("test") as session:
            return tell(session, lambda _: counts)

    assert (told(), told()) == (2, 0)
    two.settle()
    assert two.figures() == {("people_waiting", ""): 2, ("registrations", "2026-07-02"): 5}
    counts[0] = Count("people_waiting", 0)
    assert (told(), told()) == (1, 0)
    two.settle()
    assert two.figures()["people_waiting", ""] == 0


def test_registration_counts_what_the_first_page_shows(two: Two):
    assert REGISTRATION.counting is not None
    with two.registration.transaction("test") as session:
        add_demo(session)
        full = queries.webinar(session, "crisis-care-designed-together")
        assert full is not None
        jo = Person(email="jo@example.org", address_key="0f" * 32, name="Jo")
        assert commands.register(session, full, jo)
        counts = {(count.name, count.day): count.number for count in REGISTRATION.counting(session)}

    days = [day for name, day in counts if name == "registrations"]
    assert len(days) == 2
    assert counts["dead_letters", ""] == 0
    assert counts["people_waiting", ""] == 1
    assert sum(counts["registrations", day] for day in days) > 0
