"""A person finds a webinar, registers, gets mail, changes their mind: in a real browser."""

from collections.abc import Iterator
from itertools import count

import pytest
from playwright.sync_api import Browser, expect

from tests.support.standalone import Standalone
from tests.support.visitor import OWN_LINK, Visitor

TITLE = "The importance of co-production"
FULL = "/webinars/crisis-care-designed-together"
PAST = "/webinars/first-steps-as-an-expert-by-experience"
numbers = count(1)


@pytest.fixture(params=["with scripts", "without scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param == "with scripts")


@pytest.fixture(params=[320, 1280])
def visitor(
    chromium: Browser, system: Standalone, request: pytest.FixtureRequest, scripts: bool
) -> Iterator[Visitor]:
    visitor = Visitor(chromium, system.base_url, width=request.param, scripts=scripts)
    yield visitor
    visitor.leaves()


@pytest.fixture
def address() -> str:
    return f"visitor-with-a-rather-long-name-{next(numbers)}@example.org"


def test_a_person_registers_reads_the_mail_and_withdraws(visitor: Visitor, address: str):
    visitor.goes_to("/")
    visitor.follows(TITLE)
    visitor.presses("Register")
    visitor.presses("Register")
    visitor.sees("There is a problem")
    visitor.jumps("Enter your name")
    visitor.types("Your name", "Zoë Example")
    visitor.types("Your email address", address)
    visitor.types("Your question for the panel (optional)", "Who decides?\nAnd when?")
    expect(visitor.page.get_by_label("Email me about future webinars")).not_to_be_checked()
    visitor.presses("Register")
    visitor.sees("Thank you, we have your registration")
    visitor.sees(address)

    text = visitor.reads_mail(address, f"You have a place: {TITLE}")
    link = OWN_LINK.search(text.replace("\n", ""))
    assert link is not None
    visitor.goes_to(link[0])
    visitor.sees("You have a place")
    visitor.sees("Who decides? And when?")
    visitor.presses("Give up my place")
    visitor.presses("Give up my place")
    visitor.sees("You are not registered")

    visitor.reads_mail(address, f"You have withdrawn from: {TITLE}")


def test_the_letter_itself_leads_to_the_own_page(visitor: Visitor, address: str):
    visitor.goes_to(f"{visitor.base_url}/webinars/the-importance-of-co-production/register")
    visitor.types("Your name", "Zoë Example")
    visitor.types("Your email address", address)
    visitor.presses("Register")
    visitor.reads_mail(address, TITLE)

    letter = visitor.page.frame_locator("iframe")
    letter.get_by_role("link", name="your own page").click()

    visitor.page.wait_for_url("**/registrations/*")
    visitor.sees("You have a place")
    assert OWN_LINK.fullmatch(visitor.page.url)


def test_a_person_joins_the_waiting_list_of_a_full_webinar(visitor: Visitor, address: str):
    visitor.goes_to(FULL)
    visitor.sees("All places are taken")
    visitor.presses("Join the waiting list")
    visitor.types("Your name", "Zoë Example")
    visitor.types("Your email address", address)
    visitor.presses("Join the waiting list")
    visitor.sees("We have your request to join the waiting list")

    mail = visitor.reads_mail(address, "You are on the waiting list")
    assert OWN_LINK.search(mail.replace("\n", ""))


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (PAST, "This webinar has taken place"),
        (f"{PAST}/register", "This webinar has taken place"),
        (f"{FULL}/registered", "Your answers are no longer shown"),
        ("/registrations/cut-short", "copied all of it from our email"),
        ("/nowhere", "There is nothing at this address"),
        ("/mailbox/00000000-0000-0000-0000-000000000000", "There is nothing at this address"),
    ],
)
def test_no_page_is_a_dead_end(visitor: Visitor, path: str, words: str):
    visitor.goes_to(path)

    visitor.sees(words)
    assert visitor.page.locator("main a").count() > 0


@pytest.mark.parametrize("scripts", [True])
def test_the_keyboard_alone_is_enough(visitor: Visitor, address: str):
    visitor.goes_to("/webinars/the-importance-of-co-production/register")
    keyboard = visitor.page.keyboard

    keyboard.press("Tab")
    expect(visitor.page.get_by_text("Skip to main content")).to_be_focused()
    keyboard.press("Enter")
    for typed in ("Zoë Example", address, "", "Captions", "", ""):
        keyboard.press("Tab")
        keyboard.type(typed)
    keyboard.press("Space")
    keyboard.press("Tab")
    expect(visitor.page.get_by_role("button", name="Register")).to_be_focused()
    keyboard.press("Enter")

    visitor.sees("Thank you, we have your registration")
    visitor.sees("Captions")
    visitor.looks()
