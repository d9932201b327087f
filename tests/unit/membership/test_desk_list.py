"""The list of members: filtered, in pages, as a table; and who looked at whom."""

import csv
import io

import pytest
from sqlalchemy import select

from membership.members import roll
from shared.staff import Role
from shared.staff.models import StaffAct
from tests.support.clerk import Clerk
from tests.support.joining import Club


@pytest.fixture
def clerk(club: Club) -> Clerk:
    return Clerk(club)


def acts(club: Club) -> list[tuple[str, str]]:
    with club.database.reading() as session:
        rows = session.scalars(select(StaffAct).order_by(StaffAct.id))
        return [(row.action, row.about) for row in rows]


def three(club: Club, clerk: Clerk) -> None:
    """Let three join, of whom Sky is in a group and Robin has left."""
    for name, locality in (("Jo", "north"), ("Robin", "north"), ("Sky", "south")):
        club.join(name=name, email=f"{name}@example.org", locality=locality)
    club.send(f"{club.own(1)}/leave")
    clerk.starts()
    clerk.does(f"/{club.members()[2].id}/groups/join", group="crisis-care")


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("", {"Jo", "Sky"}),
        ("?locality=north", {"Jo"}),
        ("?group=crisis-care", {"Sky"}),
        ("?locality=north&group=crisis-care", set()),
        ("?state=left", {"Robin"}),
        ("?state=erased", {"Jo", "Sky"}),
        ("?locality=mars", set()),
        ("?page=99", set()),
    ],
)
def test_the_list_is_filtered(club: Club, clerk: Clerk, asked: str, names: set[str]):
    three(club, clerk)

    page = clerk.sees(asked)

    assert {name for name in ("Jo", "Robin", "Sky") if f"{name}</a>" in page} == names
    assert ("There is nobody here" in page) == (not names)
    assert "2 people are members now" in page


def test_a_long_list_comes_in_pages_that_keep_the_filter(
    club: Club, clerk: Clerk, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(roll, "PAGE", 1)
    for name in ("Jo", "Robin"):
        club.join(name=name, email=f"{name}@example.org")

    page = clerk.sees("?locality=north")

    assert "2 on this list" in page
    assert "Page 2 of 2" in page
    assert "?page=2&amp;locality=north" in page
    assert "Page 1 of 2" in clerk.sees("?page=2&locality=north")


def test_the_table_holds_who_is_listed_and_runs_nothing_and_is_recorded(club: Club, clerk: Clerk):
    three(club, clerk)
    club.join(name="=1+1", email="x@example.org", locality="south", phone="+44 20 7946 0000")

    answer = clerk.posts("/export", locality="south")

    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="members.csv"'
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    assert [row[0] for row in rows] == ["Name", "Sky", "'=1+1"]
    assert rows[1][-1] == "Crisis care"
    assert rows[2][5] == "'+44 20 7946 0000"
    assert "lived experience" not in answer.text
    assert acts(club)[-1] == ("members_exported", "members:2")


def test_tables_are_not_taken_without_end(clerk: Clerk):
    assert [clerk.posts("/export").status_code for _ in range(21)] == [200] * 20 + [429]


def test_who_looks_at_a_member_is_recorded_once_an_hour(club: Club, clerk: Clerk):
    club.join()
    id = club.members()[0].id
    looked = ("member_looked_at", f"member:{id}")

    for _ in range(2):
        clerk.sees(f"/{id}")
    assert acts(club) == [looked]
    Clerk(club, Role.SENDER).sees(f"/{id}")
    assert acts(club) == [looked] * 2
    club.clock.pass_by(minutes=61)
    Clerk(club).sees("")
    assert acts(club) == [looked] * 2
    Clerk(club).sees(f"/{id}")
    assert acts(club) == [looked] * 3


def test_who_did_what_to_a_group_is_recorded_without_a_name(club: Club, clerk: Clerk):
    club.join()
    id = club.members()[0].id
    clerk.starts()
    clerk.does(f"/{id}/groups/join", group="crisis-care")
    clerk.does("/groups/crisis-care/edit", name="Beds", about="Sleep.")
    clerk.does(f"/{id}/groups/leave", group="crisis-care")
    clerk.does("/groups/crisis-care/close")
    clerk.does("/choices/locality", label="West")
    clerk.does("/choices/locality/west/arrange", do="move-1")

    assert acts(club) == [
        ("group_started", "group:crisis-care"),
        ("group_joined", f"member:{id} to crisis-care"),
        ("group_changed", "group:crisis-care"),
        ("group_left", f"member:{id} from crisis-care"),
        ("group_closed", "group:crisis-care"),
        ("choice_added", "locality:west"),
        ("choice_moved", "locality:west"),
    ]
    page = Clerk(club, Role.ADMINISTRATOR).browser.get("/staff/audit").text
    assert f"member {id} from crisis-care" in page
