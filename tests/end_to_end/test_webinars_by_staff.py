"""Staff plan a webinar, somebody registers, the time changes, it is cancelled: a real browser."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count

import pytest
from playwright.sync_api import Browser

from shared.clock import LONDON, date_in_words, utc_now
from tests.support.standalone import Standalone
from tests.support.standalone_staff import signed_in
from tests.support.visitor import Visitor

numbers = count(1)


@pytest.fixture(params=[(320, True), (1280, True), (1280, False)], ids=str)
def editor(
    chromium: Browser, system: Standalone, request: pytest.FixtureRequest
) -> Iterator[Visitor]:
    """Somebody of the staff who has signed in."""
    width, scripts = request.param
    email = f"planner-{next(numbers)}@example.org"
    visitor = signed_in(chromium, system, email, width=width, scripts=scripts)
    yield visitor
    visitor.leaves()


@pytest.fixture
def title() -> str:
    return f"Planned together, part {next(numbers)}"


def a_day() -> datetime:
    """Return a day in two months on which no clock is changed."""
    day = utc_now().astimezone(LONDON) + timedelta(days=60)
    while day.weekday() == 6:
        day += timedelta(days=1)
    return day


def describes(types: Callable[[str, str], None], title: str, day: datetime) -> None:
    types("Title", title)
    types("Summary", "Who decides, and when?")
    types("What to expect", "A talk.\n\nThen your questions.")
    for label, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        types(label, str(number))
    types("Start time", "2:30pm")
    types("Length in minutes", "60")
    types("Places", "3")
    types("Joining link", "https://meet.example.org/planned")
    types("Name of person 1", "Ash Example")
    types("Introduction of person 1", "Ash helps to plan.")


def registers(editor: Visitor, title: str, address: str) -> None:
    editor.goes_to("/")
    editor.follows(title)
    editor.presses("Register")
    editor.types("Your name", "Zoë Example")
    editor.types("Your email address", address)
    editor.presses("Register")
    editor.sees("Thank you, we have your registration")


def opens(editor: Visitor, title: str) -> None:
    editor.goes_to("/staff/webinars")
    editor.follows(title)


def test_a_webinar_from_the_first_draft_to_its_cancellation(editor: Visitor, title: str):
    day, address = a_day(), f"planned-{next(numbers)}@example.org"
    editor.follows("Webinars")
    editor.presses("Plan a webinar")
    editor.presses("Save as a draft")
    editor.sees("There is a problem")
    editor.jumps("Enter a title")
    describes(editor.types, title, day)
    editor.presses("Add a person")
    editor.presses("Remove person 2")
    editor.presses("Save as a draft")
    editor.sees("Only staff can see this webinar")
    editor.sees(f"{date_in_words(day)}, 2:30pm to 3:30pm")
    editor.presses("Preview and publish")
    editor.sees("This is how the public will see it")
    editor.presses("Publish")
    editor.sees("0 of 3 places taken")

    registers(editor, title, address)
    editor.reads_mail(address, f"You have a place: {title}")

    opens(editor, title)
    editor.presses("Edit")
    editor.types("Start time", "4pm")
    editor.presses("Continue")
    editor.sees("1 person with a place will get this email")
    editor.presses("Save, and email 1 person")
    mail = editor.reads_mail(address, f"New time: {title}")
    assert f"Before: {date_in_words(day)}, 2:30pm to 3:30pm (UK time)" in mail
    assert f"Now: {date_in_words(day)}, 4pm to 5pm (UK time)" in mail

    opens(editor, title)
    editor.presses("Registrations")
    editor.types("Search by name or email address", "zoë")
    editor.presses("Search")
    editor.follows("Zoë Example")
    editor.sees(address)

    opens(editor, title)
    editor.presses("Cancel this webinar")
    editor.types("What else people are told (optional)", "Ash is ill. We are sorry.")
    editor.presses("Cancel it, and email 1 person")
    editor.sees("This webinar is cancelled")
    mail = editor.reads_mail(address, f"Cancelled: {title}")
    assert "Ash is ill. We are sorry." in mail
    assert editor.page.locator("pre").count() == 1
    editor.goes_to("/mailbox")
    mine = editor.page.locator("li").filter(has_text=f"To {address}")
    assert mine.count() == 3


def test_who_phones_is_registered_and_withdrawn(editor: Visitor):
    address = f"phoned-{next(numbers)}@example.org"
    opens(editor, "The importance of co-production")
    editor.presses("Registrations")
    editor.presses("Register somebody who phoned")
    editor.presses("Register")
    editor.sees("There is a problem")
    editor.types("Their name", "Mo Example")
    editor.types("Their email address", address)
    editor.presses("Register")
    editor.sees("Has a place")
    editor.presses("Withdraw this person")
    editor.presses("Withdraw this person")
    editor.sees("Withdrew")

    mail = editor.reads_mail(address, "You have withdrawn from")
    assert "The importance of co-production" in mail


@pytest.mark.parametrize("editor", [(1280, True)], indirect=True)
def test_the_keyboard_alone_is_enough_to_plan_and_publish(editor: Visitor, title: str):
    editor.enters("Webinars")
    editor.enters("Plan a webinar")
    describes(editor.types_at, title, a_day())
    editor.enters("Save as a draft")
    editor.enters("Preview and publish")
    editor.enters("Publish")
    editor.sees("0 of 3 places taken")
    editor.goes_to("/")
    assert editor.page.get_by_role("link", name=title).count() == 1
