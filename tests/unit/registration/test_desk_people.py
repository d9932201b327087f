"""The pages on which staff see who registered, and help who phones."""

import csv
import io

import pytest
from sqlalchemy import select

from registration import people
from registration.models import RegistrationState
from shared.staff.models import StaffAct
from shared.web.tables import as_csv
from tests.support.planning import Console
from tests.support.registering import Site


@pytest.fixture
def path(site: Site) -> str:
    """The page of a webinar with one place that Jo has, for which Robin waits."""
    webinar = site.add("small", places=1)
    site.send(site.browser(), "small", name="Jo", access_needs="Captions")
    site.send(site.browser(), "small", name="Robin", email="robin@example.org")
    return f"/{webinar.id}/registrations"


@pytest.fixture
def console(site: Site) -> Console:
    return Console(site)


def test_people_are_listed_counted_and_filtered(console: Console, path: str):
    page = console.sees(path)
    for shown in ("All: 2", "With a place: 1", "On the waiting list: 1", "Withdrew: 0", "jo@"):
        assert shown in page

    waiting = console.sees(f"{path}?state=waitlisted")
    assert "robin@example.org" in waiting
    assert "jo@example.org" not in waiting
    assert "There is nobody here" in console.sees(f"{path}?state=withdrawn")
    for odd in ("?state=x", "?page=x", "?page=-1", "?page=999999999999999999999"):
        console.sees(path + odd)


def test_a_long_list_comes_in_pages(console: Console, path: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(people, "PAGE", 1)

    first, second = console.sees(path), console.sees(f"{path}?page=2")

    assert ("jo@" in first, "robin@" in first, "the next page" in first) == (True, False, True)
    assert ("jo@" in second, "robin@" in second, "the page before" in second) == (False, True, True)


@pytest.mark.parametrize(
    ("text", "found"), [("ROBIN", 1), ("example.org", 2), ("%", 0), ("_", 0), ("o'", 0)]
)
def test_somebody_is_found_by_a_part_of_name_or_address(
    console: Console, path: str, text: str, found: int
):
    answer = console.posts(path, text=text)

    assert answer.status_code == 200
    assert f"<h2>{found} found</h2>" in answer.text


def test_an_empty_search_says_what_to_enter(console: Console, path: str):
    answer = console.posts(path, text=" ")

    assert answer.status_code == 422
    assert answer.text.count("Enter a part of a name or email address") == 2


def test_who_phones_is_withdrawn_after_a_question(site: Site, console: Console, path: str):
    jo = site.registrations()[0]
    own = f"{path}/{jo.id}"
    assert "Captions" in console.sees(own)
    assert "Withdraw" in console.sees(f"{own}/withdraw")

    assert console.does(f"{own}/withdraw") == own

    assert "Withdrew" in console.sees(own)
    assert site.registrations()[0].state == RegistrationState.WITHDRAWN
    assert site.events()[-1] == "registration_withdrawn"
    assert "There is nothing to withdraw from" in console.sees(f"{own}/withdraw")


def test_who_phones_is_registered_and_mailed(site: Site, console: Console, path: str):
    assert "goes on the waiting list" in console.sees(f"{path}/new")

    own = console.does(f"{path}/new", name="Sky", email="sky@example.org", question="Why?")

    page = console.sees(own)
    for shown in ("Sky", "sky@example.org", "Why?", "On the waiting list"):
        assert shown in page
    assert site.events()[-1] == "registration_waitlisted"
    again = console.does(f"{path}/new", name="Sky", email="SKY@example.org")
    assert again == own
    wrong = console.posts(f"{path}/new", name="", email="a@b")
    assert wrong.status_code == 422
    assert "Enter your name" not in wrong.text
    assert "Enter their name" in wrong.text


def test_nobody_is_registered_for_what_is_over(site: Site, console: Console, path: str):
    site.clock.pass_by(days=8)
    late = Console(site)

    late.sees(f"{path}/new", status=409)
    answer = late.posts(f"{path}/new", form=path, name="Sky", email="sky@example.org")
    assert answer.status_code == 409


def test_a_registration_belongs_to_its_webinar(site: Site, console: Console, path: str):
    other = site.add("other")
    jo = site.registrations()[0]

    console.sees(f"/{other.id}/registrations/{jo.id}", status=404)
    console.sees(f"/{other.id}/registrations/{jo.id}/withdraw", status=404)


def test_the_table_holds_everything_and_runs_nothing(site: Site, console: Console, path: str):
    site.send(
        site.browser(), "small", name="=HYPERLINK(1)", email="x@example.org", question="+1\n-2"
    )

    answer = console.posts(f"{path}/export", form=path)

    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="small-registrations.csv"'
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    assert [row[0] for row in rows] == ["Name", "Jo", "Robin", "'=HYPERLINK(1)"]
    assert rows[1][5] == "Captions"
    assert rows[3][6] == "'+1\n-2"
    assert rows[1][3] == "2026-07-02 13:20"
    with site.database.reading() as session:
        (act,) = session.scalars(select(StaffAct))
    assert (act.action, act.about) == ("registrations_exported", f"webinar:{path.split('/')[1]}")


def test_tables_are_not_taken_without_end(console: Console, path: str):
    answers = [console.posts(f"{path}/export", form=path).status_code for _ in range(21)]

    assert answers == [200] * 20 + [429]


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "\uff1d1", "\n=1"])
def test_no_cell_is_a_formula(cell: str):
    assert list(csv.reader(io.StringIO(as_csv(["h"], [[cell]]).decode(), newline="")))[1] == [
        f"'{cell}"
    ]
