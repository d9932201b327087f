"""The pages on which staff plan webinars: create, publish, change, cancel."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from registration.models import Webinar
from shared.staff import Role
from shared.staff.models import StaffAct
from tests.support.planning import Console, Desk, typed
from tests.support.registering import Site


@pytest.fixture
def console(site: Site) -> Console:
    return Console(site)


@pytest.fixture
def desk(site: Site) -> Desk:
    return Desk(site)


def stored(site: Site, path: str) -> Webinar:
    """Return the webinar whose page staff have at *path*."""
    with site.database.reading() as session:
        rows = session.scalars(select(Webinar)).all()
        (found,) = [row for row in rows if str(row.id) == path.strip("/")]
        _ = found.panel
        return found


def acts(site: Site) -> list[str]:
    with site.database.reading() as session:
        return list(session.scalars(select(StaffAct.action).order_by(StaffAct.id)))


def test_a_webinar_is_planned_previewed_and_published(site: Site, console: Console):
    path = console.does("/new", **typed())

    page = console.sees(path)
    assert "Only staff can see this webinar" in page
    assert "Thursday 9 July 2026, 2:30pm to 3:30pm" in page
    preview = console.sees(f"{path}/publish")
    assert "This is how the public will see it" in preview
    assert "Ash walks at night." in preview
    assert "Is Thursday 9 July 2026 the right day?" in preview
    assert site.browser().get("/webinars/walking-together").status_code == 404

    assert console.does(f"{path}/publish", version="1") == path

    assert "Ash walks at night." in site.browser().get("/webinars/walking-together").text
    assert "0 of 5 places taken" in console.sees(path)
    assert stored(site, path).starts_at == datetime(2026, 7, 9, 13, 30, tzinfo=UTC)
    assert acts(site) == ["webinar_drafted", "webinar_published"]


def test_the_list_tells_drafts_from_what_comes_and_what_was(site: Site, console: Console):
    console.does("/new", **typed(title="A new one"))
    site.add("full", places=1)
    site.send(site.browser(), "full")
    site.send(site.browser(), "full", email="robin@example.org")
    site.add("past", days=-3)

    page = re.sub(r"\s+", " ", console.sees())

    assert page.index("Coming up") < page.index("1 of 1 places taken, 1 waiting")
    assert page.index("Drafts</h2>") < page.index("A new one") < page.index("Past</h2>")
    for shown in ("Full", "Draft", "Registrations each day, last 28 days: 2 in all", "<svg"):
        assert shown in page


def test_a_list_of_nothing_says_what_to_do(site: Site, console: Console):
    with site.database.transaction("test") as session:
        for webinar in session.scalars(select(Webinar)):
            webinar.ends_at = webinar.starts_at = site.clock()
            webinar.ends_at = site.clock().replace(microsecond=600_000)
    page = console.sees()
    assert "There are no drafts" in page


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"title": ""}, "title", "Enter a title"),
    ({"title": "…"}, "title", "letters from a to z"),
    ({"title": "x" * 121}, "title", "120 characters or fewer"),
    ({"summary": "x" * 501}, "summary", "500 characters or fewer"),
    ({"expect": "\x00"}, "expect", "hidden character"),
    ({"day": "31", "month": "6"}, "day", "a date that is in the calendar"),
    ({"day": ""}, "day", "Enter the day"),
    ({"month": "x"}, "day", "a date that is in the calendar"),
    ({"year": "26"}, "year", "Check the year"),
    ({"year": "2025"}, "day", "must be in the future"),
    ({"time": "25:00"}, "time", "like 2:30pm"),
    ({"time": "13pm"}, "time", "like 2:30pm"),
    ({"minutes": "0"}, "minutes", "from 5 to 1,440"),
    ({"minutes": ""}, "minutes", "whole number"),
    ({"capacity": "10001"}, "capacity", "from 1 to 10,000"),
    ({"capacity": "1e3"}, "capacity", "whole number"),
    ({"capacity": "9" * 40}, "capacity", "whole number"),
    ({"joining_link": "http://example.org"}, "joining_link", "starting with https://"),
    ({"joining_link": "https://[x"}, "joining_link", "starting with https://"),
    ({"joining_link": "javascript:alert(1)"}, "joining_link", "starting with https://"),
    ({"version": "x"}, "version", "Open the webinar again"),
    ({"panel_name": [""], "panel_biography": ["Walks."]}, "panel_name_1", "(person 1)"),
    ({"panel_name": ["Ash"], "panel_biography": [""]}, "panel_biography_1", "(person 1)"),
    ({"panel_name": ["A"] * 21, "panel_biography": ["B"] * 21}, "panel_name_21", "20 people"),
]


@pytest.mark.parametrize(("changes", "field", "message"), WRONG)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    site: Site, console: Console, changes: dict[str, Any], field: str, message: str
):
    before = site.writes()

    answer = console.posts("/new", **typed(**changes))

    assert answer.status_code == 422
    summary, form = answer.text.split("</h1>", 1)
    assert "<title>Error: " in summary
    assert f'href="#{field}"' in summary
    assert message in summary
    assert "https://meet.example.org/walking" in form or "joining_link" in changes
    assert site.writes() == before


@pytest.mark.parametrize(
    ("said", "clock"),
    [("midday", 11), ("noon", 11), ("2pm", 13), ("14:00", 13), ("14.00", 13), ("2:00 PM", 13)],
)
def test_a_time_may_be_said_as_people_say_it(site: Site, console: Console, said: str, clock: int):
    path = console.does("/new", **typed(time=said))

    assert stored(site, path).starts_at.hour == clock


@pytest.mark.parametrize(
    ("day", "month", "at", "said"),
    [
        (
            "28",
            "3",
            "1:30am",
            "On Sunday 28 March 2027 the clocks go forward, so there is no 1:30am",
        ),
        (
            "31",
            "10",
            "01:30",
            "On Sunday 31 October 2027 the clocks go back, so 1:30am comes twice",
        ),
    ],
)
def test_a_time_that_comes_twice_or_never_is_explained(
    console: Console, day: str, month: str, at: str, said: str
):
    answer = console.posts("/new", **typed(day=day, month=month, year="2027", time=at))

    assert answer.status_code == 422
    assert answer.text.count(f"{said}. Choose another time") == 2


@pytest.mark.parametrize(
    ("day", "month", "hour", "clocks"),
    [("28", "3", 11, "forward"), ("31", "10", 12, "back"), ("29", "3", 11, None)],
)
def test_who_plans_for_a_day_on_which_the_clocks_change_is_warned(
    site: Site, console: Console, day: str, month: str, hour: int, clocks: str | None
):
    path = console.does("/new", **typed(day=day, month=month, year="2027", time="midday"))

    assert stored(site, path).starts_at.hour == hour
    for page in (console.sees(path), console.sees(f"{path}/publish")):
        assert ("The clocks change that day" in page) == (clocks is not None)
        assert clocks is None or f"go {clocks} by an hour" in page


def test_panel_members_are_added_and_removed_without_scripts(site: Site, console: Console):
    added = console.posts("/new", **typed(do="add"))
    assert added.status_code == 200
    assert "Person 2" in added.text
    two = {"panel_name": ["Ash", "Bo"], "panel_biography": ["Walks.", "Runs."]}

    removed = console.posts("/new", **typed(**two, do="remove-1"))

    assert "Walks." not in removed.text
    assert "Runs." in removed.text
    path = console.does("/new", **typed(**two))
    console.does(f"{path}/edit", **typed(version="1", **two | {"panel_name": ["Bo", "Ash"]}))
    assert [person.name for person in stored(site, path).panel] == ["Bo", "Ash"]


def test_a_draft_without_everything_cannot_be_published(console: Console):
    path = console.does("/new", **typed(summary="", joining_link=""))

    assert "somebody must enter the summary and the joining link" in console.sees(path)
    page = console.sees(f"{path}/publish")
    assert "cannot be published yet" in page
    assert "<button" not in page.split("Publish it")[1].split("</main>")[0]
    refused = console.posts(f"{path}/publish", form="/new", version="1")
    assert refused.status_code == 409


def test_a_change_shows_who_is_told_what_before_it_is_saved(
    site: Site, console: Console, desk: Desk
):
    path = console.does("/new", **typed(capacity="1"))
    console.does(f"{path}/publish", version="1")
    for name in ("Jo", "Robin"):
        site.send(site.browser(), "walking-together", name=name, email=f"{name}@example.org")
    later = typed(capacity="1", version="2", time="4pm")

    check = console.posts(f"{path}/edit", **later)

    assert check.status_code == 200
    for shown in (
        "Thursday 9 July 2026, 2:30pm to 3:30pm",
        "Thursday 9 July 2026, 4pm to 5pm",
        "1 person with a place will get this email",
        "1 person on the waiting list will get this email",
        "New time: Walking together",
        "Save, and email 2 people",
    ):
        assert shown in check.text
    assert stored(site, path).version == 2

    back = console.posts(f"{path}/edit", **later | {"do": "back"})
    assert 'value="4pm"' in back.text
    assert console.does(f"{path}/edit", **later | {"do": "confirm"}) == path
    desk.settles()
    assert len(desk.told("webinar_access_changed")) == 2


def test_a_typing_error_is_put_right_and_nobody_is_told(site: Site, console: Console):
    path = console.does("/new", **typed())
    console.does(f"{path}/publish", version="1")
    site.send(site.browser(), "walking-together")

    check = console.posts(f"{path}/edit", **typed(version="2", title="Walking, together"))

    assert "Nobody is emailed about this change" in check.text
    unchanged = console.posts(f"{path}/edit", **typed(version="2"))
    assert unchanged.status_code == 303
    missing = console.posts(f"{path}/edit", **typed(version="2", joining_link=""))
    assert (missing.status_code, "Enter the joining link" in missing.text) == (422, True)


def test_of_two_who_edit_the_later_is_told_and_both_are_kept(site: Site, console: Console):
    path = console.does("/new", **typed())
    kim = Console(site, name="Kim Sample")
    kim.does(f"{path}/edit", **typed(version="1", title="Kim's title", summary="Kim's summary"))

    answer = console.posts(
        f"{path}/edit", **typed(version="1", title="My title", expect="Mine alone.")
    )

    assert answer.status_code == 409
    for shown in (
        "Kim Sample saved it while you were editing",
        "you both changed it. Yours is in the form, theirs is:",
        "My title",
        "Kim&#39;s summary",
        "Mine alone.",
    ):
        assert shown in answer.text
    both = typed(version="2", title="My title", summary="Kim's summary", expect="Mine alone.")
    console.does(f"{path}/edit", **both)
    assert stored(site, path).summary == "Kim's summary"
    ancient = console.posts(f"{path}/edit", **typed(version="77"))
    assert (ancient.status_code, "form is too old" in ancient.text) == (422, True)


def test_fewer_places_than_people_are_refused_with_the_number(site: Site, console: Console):
    path = console.does("/new", **typed())
    console.does(f"{path}/publish", version="1")
    for name in ("jo", "robin"):
        site.send(site.browser(), "walking-together", email=f"{name}@example.org")

    for button in ("save", "confirm"):
        answer = console.posts(f"{path}/edit", **typed(version="2", capacity="1", do=button))
        assert answer.status_code == 422
        assert "2 people have a place already: enter 2 or more" in answer.text


def test_a_webinar_is_cancelled_with_a_message_after_a_question(
    site: Site, console: Console, desk: Desk
):
    path = console.does("/new", **typed())
    console.does(f"{path}/publish", version="1")
    site.send(site.browser(), "walking-together")

    page = console.sees(f"{path}/cancel")
    assert "1 person registered or waiting will get this email" in page
    assert "Cancel it, and email 1 person" in page
    long = console.posts(f"{path}/cancel", version="2", message="x" * 1001)
    assert (long.status_code, "1000 characters or fewer" in long.text) == (422, True)
    assert console.posts(f"{path}/cancel", version="1", message="").status_code == 409
    console.does(f"{path}/cancel", version="2", message="Ash is ill.")

    desk.settles()
    assert desk.told("registration_cancelled")[0]["message"] == "Ash is ill."
    assert "Cancelled" in console.sees(path)
    assert "has been cancelled" in site.browser().get("/webinars/walking-together").text
    console.sees(f"{path}/cancel", status=409)
    assert acts(site) == ["webinar_drafted", "webinar_published", "webinar_cancelled"]


def test_a_viewer_sees_and_changes_nothing(site: Site, console: Console):
    path = console.does("/new", **typed())
    console.does(f"{path}/publish", version="1")
    viewer = Console(site, Role.VIEWER)

    assert "Plan a webinar" not in viewer.sees()
    page = viewer.sees(path)
    assert "https://meet.example.org/walking" not in page
    assert "Cancel this webinar" not in page
    for closed in ("/new", f"{path}/edit", f"{path}/cancel", f"{path}/registrations"):
        viewer.sees(closed, status=403)


def test_an_unknown_webinar_is_a_page_not_found(console: Console):
    nowhere = "/00000000-0000-0000-0000-000000000000"
    for page in ("", "/edit", "/publish", "/cancel", "/registrations", "/registrations/new"):
        console.sees(nowhere + page, status=404)
