"""Staff set up an account, sign in by password and code, and are shut out: in a real browser."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from http.client import HTTPConnection
from itertools import count
from uuid import UUID

import pyotp
import pytest
from itsdangerous import URLSafeSerializer
from playwright.sync_api import Browser, expect

from tests.support.standalone import Standalone
from tests.support.standalone_staff import PASSWORD, command, link_for
from tests.support.visitor import Visitor
from tests.support.waiting import wait_for

numbers = count(1)


@pytest.fixture(params=[(320, True), (1280, True), (1280, False)], ids=str)
def visitor(
    chromium: Browser, system: Standalone, request: pytest.FixtureRequest
) -> Iterator[Visitor]:
    width, scripts = request.param
    visitor = Visitor(chromium, system.base_url, width=width, scripts=scripts)
    yield visitor
    visitor.leaves()


@pytest.fixture
def email() -> str:
    return f"sam-{next(numbers)}@example.org"


def chooses_password(visitor: Visitor, link: str) -> None:
    visitor.goes_to(link)
    visitor.types("New password", "short")
    visitor.presses("Keep it and sign in")
    visitor.sees("There is a problem")
    visitor.types("New password", PASSWORD)
    visitor.presses("Keep it and sign in")
    visitor.sees("Hello Sam Example")


def signs_in(visitor: Visitor, email: str, password: str) -> None:
    visitor.types("Your email address", email)
    visitor.types("Your password", password)
    visitor.presses("Sign in")


def test_a_member_of_staff_signs_in_with_password_and_code(
    visitor: Visitor, system: Standalone, email: str
):
    chooses_password(visitor, link_for(system, email, role="administrator"))
    visitor.follows("Sam Example")
    visitor.follows("Change the second step")
    secret = visitor.page.locator("main code").inner_text()
    app = pyotp.TOTP(secret)
    visitor.types("Code", app.now())
    visitor.types("Your password", PASSWORD)
    visitor.presses("Turn on")
    visitor.sees("Keep your recovery codes")
    recovery_code = visitor.page.locator("main code").first.inner_text()
    visitor.follows("I have kept them")
    visitor.follows("Audit")
    visitor.sees("Second step turned on")
    visitor.presses("Sign out")
    visitor.sees("You have signed out")

    visitor.goes_to("/staff/audit?page=1")
    signs_in(visitor, email, "wrong tractor sunday")
    visitor.sees("The email address or the password is not right")
    expect(visitor.page.get_by_label("Your email address")).to_have_value(email)
    signs_in(visitor, email, PASSWORD)
    visitor.sees("Enter your code")
    visitor.types("Code", "000000")
    visitor.presses("Go on")
    visitor.sees("This code is not right")
    visitor.types("Code", recovery_code)
    visitor.presses("Go on")
    visitor.sees("Who did what")


@pytest.mark.parametrize("visitor", [(1280, True)], indirect=True)
def test_the_keyboard_alone_is_enough_to_sign_in(visitor: Visitor, system: Standalone, email: str):
    chooses_password(visitor, link_for(system, email))
    visitor.enters("Sign out")

    visitor.goes_to("/staff")
    visitor.types_at("Your email address", email)
    visitor.types_at("Your password", PASSWORD)
    visitor.enters("Sign in")

    visitor.sees("Hello Sam Example")
    assert visitor.page.url == f"{visitor.base_url}/staff"


def test_who_is_signed_out_while_writing_loses_nothing(
    visitor: Visitor, system: Standalone, email: str
):
    chooses_password(visitor, link_for(system, email))
    visitor.follows("Sam Example")
    visitor.types("Password you have now", PASSWORD)
    visitor.types("New password", "another tractor monday")
    visitor.page.context.clear_cookies(name="coproduce_staff")
    command(system, "role", email, "viewer")  # ends the session
    visitor.presses("Change password")
    visitor.sees("You were signed out")

    with visitor.page.context.expect_page() as opened:
        visitor.page.get_by_role("link", name="Sign in, in a new tab").click()
    tab = opened.value
    tab.get_by_label("Your email address").fill(email)
    tab.get_by_label("Your password").fill(PASSWORD)
    tab.get_by_role("button", name="Sign in").click()
    expect(tab.locator("main")).to_contain_text("Hello Sam Example")
    visitor.presses("Send it again")
    visitor.sees("Your password has been changed")


def asks(system: Standalone, path: str, cookie: str) -> int:
    """Return the status that is answered at *path* to whoever has the cookie."""
    with closing(HTTPConnection("127.0.0.1", system.port, timeout=30)) as connection:
        connection.request("GET", path, headers={"Cookie": f"coproduce_staff={cookie}"})
        return connection.getresponse().status


def everywhere(system: Standalone, session: str) -> bool:
    """Return whether every service refuses the session."""
    listed = "select count(*) from ended_staff_session where session_id = ?"
    for service in ("membership", "registration", "notifications"):
        with closing(sqlite3.connect(system.var / f"{service}.sqlite3")) as database:
            if database.execute(listed, [session]).fetchone() == (0,):
                return False
    return True


def seconds_until_handled(system: Standalone) -> float:
    """Return how long after the newest session ended the last of the others had noted it."""
    ended = "select max(ended_at) from ended_staff_session"
    noted = "select max(ended_at) from inbox where type = 'membership.staff_session_ended.v1'"

    def moment(service: str, question: str) -> datetime:
        with closing(sqlite3.connect(system.var / f"{service}.sqlite3")) as database:
            return datetime.fromisoformat(database.execute(question).fetchone()[0])

    last = max(moment("registration", noted), moment("notifications", noted))
    return (last - moment("membership", ended)).total_seconds()


def test_a_disabled_account_is_out_everywhere_within_a_second(
    chromium: Browser, system: Standalone, email: str, capsys: pytest.CaptureFixture[str]
):
    visitor = Visitor(chromium, system.base_url, width=1280, scripts=True)
    chooses_password(visitor, link_for(system, email))
    (cookie,) = (c for c in visitor.page.context.cookies() if c["name"] == "coproduce_staff")
    value = cookie["value"]
    assert asks(system, "/staff", value) == 200

    command(system, "disable", email)
    assert asks(system, "/staff", value) == 303
    session = UUID(URLSafeSerializer(b"").loads_unsafe(value)[1]["session_id"]).hex
    wait_for(lambda: everywhere(system, session), seconds=5, what="the others to know")
    seconds = seconds_until_handled(system)

    with capsys.disabled():
        print(f"\nout everywhere {seconds:.2f} s after the account was disabled")
    assert seconds < 1
    visitor.leaves()
