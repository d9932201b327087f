"""A person joins, proves their address, decides, and is forgotten: in a real browser."""

import re
from collections.abc import Iterator
from itertools import count

import pytest
from playwright.sync_api import Browser, expect

from tests.support.standalone import Standalone
from tests.support.visitor import Visitor
from tests.support.waiting import wait_for

PROOF = re.compile(r"http://[\d.:]+/join/[\w-]{52}")
NEW_ADDRESS = re.compile(r"http://[\d.:]+/addresses/[\w-]{52}")
OWN = re.compile(r"http://[\d.:]+/members/[\w-]{52}")
INFORMATION = ["/urgent-help", "/contact", "/privacy", "/cookies", "/accessibility"]
SHARING = "Tell organisations that work with you that I am a member"
KEEPING = "Keep what I have told you here"
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
    return f"joiner-with-a-rather-long-name-{next(numbers)}@example.org"


def link_in(text: str, pattern: re.Pattern[str]) -> str:
    found = pattern.search(text.replace("\n", ""))
    assert found is not None
    return found[0]


def test_a_person_joins_proves_decides_and_is_forgotten(
    visitor: Visitor, system: Standalone, address: str
):
    visitor.goes_to("/join")
    visitor.presses("Send")
    visitor.sees("There is a problem")
    visitor.jumps("Enter your name")
    visitor.types("Your name", "Zoë Plantedname")
    visitor.types("Your email address", address)
    visitor.page.get_by_label("Email", exact=True).check()
    visitor.page.get_by_label("I am a carer").check()
    visitor.page.get_by_label("South Exampleshire").check()
    for words in (KEEPING, SHARING):
        expect(visitor.page.get_by_label(words)).not_to_be_checked()
        visitor.page.get_by_label(words).check()
    visitor.presses("Send")
    visitor.sees("One more step: look for our email")
    visitor.sees(address)

    mail = visitor.reads_mail(address, "Please confirm that you want to join")
    visitor.goes_to(link_in(mail, PROOF))
    visitor.sees("Is this right?")
    visitor.sees("South Exampleshire")
    visitor.presses("Yes, join")
    visitor.sees("You are a member now. Welcome!")

    mail = visitor.reads_mail(address, "Welcome to Coproduce")
    own = link_in(mail, OWN)
    visitor.goes_to(own)
    visitor.follows("Change your answers")
    visitor.types("Your name", "Zoë Plantedname the Second")
    visitor.presses("Save")
    visitor.sees("Zoë Plantedname the Second")
    visitor.follows("Change email address")
    visitor.presses("Send the email")
    visitor.jumps("Enter your email address")
    visitor.types("Your new email address", f"new-{address}")
    visitor.presses("Send the email")
    visitor.sees(f"you asked us to use new-{address}")
    mail = visitor.reads_mail(f"new-{address}", "Please confirm your new email address")
    visitor.goes_to(link_in(mail, NEW_ADDRESS))
    visitor.presses("Yes, use this address")
    visitor.sees("We write to this address from now on")
    mail = visitor.reads_mail(f"new-{address}", "Your email address is changed")
    visitor.goes_to(own)
    visitor.sees("This link no longer works")
    own = link_in(mail, OWN)
    visitor.goes_to(own)
    visitor.follows("No longer agree")
    visitor.presses("No, I do not agree")
    visitor.sees("Your choice is saved")
    visitor.follows("Read or print")
    visitor.sees(f"no to “{SHARING}”")
    visitor.follows("Your membership")
    visitor.follows("leave")
    visitor.sees("Leave us?")
    visitor.follows("No, stay")
    visitor.follows("have everything deleted")
    visitor.sees("This cannot be undone")
    visitor.presses("Delete everything")
    visitor.sees("We have deleted what we held about you")

    visitor.goes_to(own)
    visitor.sees("This link no longer works")
    wait_for(lambda: not letters(system, address), seconds=20, what="the letters to be destroyed")


@pytest.mark.parametrize("path", INFORMATION)
def test_what_every_footer_leads_to_is_for_everybody(visitor: Visitor, path: str):
    visitor.goes_to(path)

    assert visitor.page.locator("main h1").count() == 1
    expect(visitor.page.locator(f'footer a[href="{path}"]')).to_be_visible()


@pytest.mark.parametrize("scripts", [True])
def test_the_keyboard_alone_is_enough_to_join(visitor: Visitor, address: str):
    visitor.goes_to("/join")

    visitor.types_at("Your name", "Zoë Example")
    visitor.types_at("Your email address", address)
    visitor.tabs_to(visitor.page.get_by_label("Email", exact=True))
    visitor.page.keyboard.press("Space")
    visitor.tabs_to(visitor.page.get_by_label(KEEPING))
    visitor.page.keyboard.press("Space")
    visitor.enters("Send")

    visitor.sees("One more step: look for our email")
    assert "/join/" in visitor.reads_mail(address, "Please confirm that you want to join")


def letters(system: Standalone, address: str) -> list[str]:
    """Return the letters to *address* that are in the mailbox."""
    mailbox = system.var / "mailbox"
    return [path.name for path in mailbox.glob("*.eml") if address in path.read_text()]
