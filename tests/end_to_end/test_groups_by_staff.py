"""Staff find a member, put them into a group, take them out again and close it: a real browser."""

import re
from collections.abc import Iterator
from itertools import count

import pytest
from playwright.sync_api import Browser

from tests.support.standalone import Standalone
from tests.support.standalone_staff import signed_in
from tests.support.visitor import Visitor

PROOF = re.compile(r"http://[\d.:]+/join/[\w-]{52}")
numbers = count(1)


@pytest.fixture(params=[(320, True), (1280, False)], ids=str)
def editor(
    chromium: Browser, system: Standalone, request: pytest.FixtureRequest
) -> Iterator[Visitor]:
    """Somebody of the staff who has signed in."""
    width, scripts = request.param
    email = f"convener-{next(numbers)}@example.org"
    visitor = signed_in(chromium, system, email, width=width, scripts=scripts)
    yield visitor
    visitor.leaves()


@pytest.fixture
def name(editor: Visitor) -> str:
    """A member's name."""
    name = f"Zoë Example the {next(numbers)}th"
    editor.goes_to("/join")
    editor.types("Your name", name)
    address = f"kept-{next(numbers)}@example.org"
    editor.types("Your email address", address)
    editor.page.get_by_label("Email", exact=True).check()
    editor.page.get_by_label("Keep what I have told you here").check()
    editor.presses("Send")
    mail = editor.reads_mail(address, "Please confirm that you want to join").replace("\n", "")
    proof = PROOF.search(mail)
    assert proof is not None
    editor.goes_to(proof[0])
    editor.presses("Yes, join")
    return name


def test_a_group_from_its_first_member_to_its_end(editor: Visitor, name: str):
    title = f"Crisis care, part {next(numbers)}"
    editor.goes_to("/staff/members")
    editor.follows("Groups")
    editor.presses("Start this group")
    editor.sees("There is a problem")
    editor.jumps("Enter a name")
    editor.types("Name", title)
    editor.types("What it is for", "We advise the trust on crisis care.")
    editor.presses("Start this group")
    editor.sees("Nobody belongs to this group yet")

    editor.types("Name or email address, or a part of it", name)
    editor.presses("Find")
    editor.presses(f"Add {name}")
    editor.sees(f"{name} belongs to this group now")
    editor.presses(f"Take out {name}")
    editor.sees(f"{name} no longer belongs to this group")
    editor.presses(f"Put back {name}")
    editor.follows(name)
    editor.sees(f"{title}, since")

    editor.follows(title)
    editor.presses("Close this group")
    editor.sees("The 1 member who belongs to it leaves it")
    editor.presses("Close this group")
    editor.sees("Nobody belongs to it any more")
    assert editor.page.get_by_role("button", name="Take out").count() == 0


def test_what_people_choose_from_is_kept_in_order(editor: Visitor):
    label = f"Gardening, part {next(numbers)}"
    editor.goes_to("/staff/members")
    editor.follows("What people choose from")
    with editor.page.expect_navigation():
        editor.page.get_by_role("button", name="Add a choice").last.click()
    editor.types("The words that people see", label)
    editor.presses("Add it")
    editor.presses(f"Up {label}")
    editor.presses(f"Retire {label}")
    editor.presses(f"Bring back {label}")
    editor.sees(f"{label}: 0 members")
    assert editor.page.get_by_role("button", name=f"Retire {label}").count() == 1
