"""Who is let in: with the right password, where the account is open, and not by guessing."""

import re
from functools import partial
from time import perf_counter

import pytest

from membership.staff import commands, passwords
from shared.staff import Role
from shared.web.staff import COOKIE
from tests.support.desk import EMAIL, PASSWORD, Desk, path_of

WRONG = "The email address or the password is not right"


def test_a_wrong_password_is_refused_and_the_right_one_lets_in(desk: Desk):
    browser = desk.browser()
    refused = desk.sign_in(browser, password="wrong horse battery")
    assert refused.status_code == 422
    assert WRONG in refused.text
    assert f'value="{EMAIL}"' in refused.text  # nobody types it twice
    assert browser.get("/staff").status_code == 303

    answer = desk.sign_in(browser)

    assert (answer.status_code, path_of(answer)) == (303, "/staff")
    assert "Sam" in browser.get("/staff").text
    assert desk.acts()[-1] == "signed_in"


def test_capitals_of_an_address_make_no_difference(desk: Desk):
    assert desk.sign_in(desk.browser(), "Sam@Example.ORG").status_code == 303


def test_nobody_can_tell_which_accounts_there_are(desk: Desk):
    desk.add("new@example.org")
    desk.ready("shut@example.org")
    desk.do(commands.disable, email="shut@example.org")

    def told(email: str, password: str) -> tuple[int, str]:
        answer = desk.sign_in(desk.browser(), email, password)
        differing = rf'nonce="[^"]*"|value="[^"]*"|{email}'
        return answer.status_code, re.sub(differing, "", answer.text)

    answers = {
        told(EMAIL, "wrong horse battery"),
        told("nobody@example.org", PASSWORD),
        told("new@example.org", PASSWORD),
        told("shut@example.org", PASSWORD),
    }

    assert len(answers) == 1


def test_it_takes_as_long_where_there_is_no_account():
    kept = passwords.hashed(PASSWORD)

    def fastest(kept: str | None) -> float:
        begun = [perf_counter()]
        for _ in range(5):
            assert not passwords.matches("wrong", kept)
            begun.append(perf_counter())
        return min(end - start for start, end in zip(begun, begun[1:], strict=False))

    passwords.matches("wrong", None)  # the hash that is nobody's is made once
    assert fastest(None) > fastest(kept) / 2


def test_after_ten_tries_one_has_to_wait(desk: Desk):
    desk.ready("robin@example.org")
    browser = desk.browser()
    for _ in range(10):
        assert desk.sign_in(browser, password="wrong horse battery").status_code == 422

    waiting = desk.sign_in(browser)
    other = desk.sign_in(browser, "robin@example.org")
    desk.clock.pass_by(minutes=15)

    assert waiting.status_code == 429
    assert other.status_code == 303
    assert desk.sign_in(desk.browser()).status_code == 303


def test_a_network_cannot_try_many_accounts(desk: Desk):
    browser = desk.browser()
    statuses = [desk.sign_in(browser, f"{number}@example.org").status_code for number in range(101)]

    assert statuses == [422] * 100 + [429]


@pytest.mark.parametrize(
    ("next", "onward"),
    [
        ("/staff/audit?page=2", "/staff/audit?page=2"),
        ("/staff?x", "/staff?x"),
        ("/", "/staff"),
        ("//elsewhere.example.org", "/staff"),
        ("https://elsewhere.example.org/staff", "/staff"),
        ("/staffing", "/staff"),
        ("/\\elsewhere.example.org", "/staff"),
    ],
)
def test_one_goes_on_to_where_one_wished_to_within_the_console(desk: Desk, next: str, onward: str):
    assert path_of(desk.sign_in(desk.browser(), next=next.replace("&", "%26"))) == onward


def test_who_is_in_already_need_not_sign_in(desk: Desk):
    browser = desk.signed_in()

    assert path_of(browser.get("/staff/sign-in?next=/staff/account")) == "/staff/account"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"email": "", "password": PASSWORD}, "Enter your email address"),
        ({"email": "sam", "password": PASSWORD}, "Enter an email address in the correct format"),
        ({"email": EMAIL, "password": ""}, "Enter your password"),
        ({"email": EMAIL, "password": "x" * 201}, "Enter your password, at most 200 characters"),
        ({"email": "jö@example.org", "password": PASSWORD}, "in the correct format"),
    ],
)
def test_what_is_missing_or_cannot_be_is_named(desk: Desk, typed: dict[str, str], message: str):
    answer = desk.send(desk.browser(), "/staff/sign-in", **typed)

    assert answer.status_code == 422
    assert message in answer.text
    assert typed["password"] == "" or typed["password"] not in answer.text


def test_a_session_of_before_does_not_become_one_s_own(desk: Desk):
    browser = desk.browser()
    browser.get("/staff/sign-in")
    before = browser.get_cookie("membership_session")

    desk.sign_in(browser)

    after = browser.get_cookie("membership_session")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    stranger = desk.browser()
    stranger.set_cookie("membership_session", before.value)
    assert path_of(stranger.get("/staff/renew")) == "/staff/sign-in?next=/staff"


def test_the_forms_are_for_password_managers(desk: Desk):
    page = desk.browser().get("/staff/sign-in").text

    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page


def test_signing_out_ends_the_session_everywhere(desk: Desk):
    browser = desk.signed_in()
    cookie = browser.get_cookie(COOKIE)
    assert cookie is not None
    thief = desk.browser()
    thief.set_cookie(COOKIE, cookie.value)
    assert thief.get("/staff").status_code == 200

    answer = browser.post("/staff/sign-out")

    assert path_of(answer) == "/staff/sign-in"
    assert "You have signed out" in browser.get("/staff/sign-in").text
    assert browser.get_cookie(COOKIE) is None
    assert thief.get("/staff").status_code == 303
    assert path_of(browser.get("/staff/renew")) == "/staff/sign-in?next=/staff"
    assert desk.ended() == 1
    assert desk.acts()[-1] == "signed_out"


def test_signing_out_twice_or_from_elsewhere_changes_nothing(desk: Desk):
    browser = desk.signed_in()

    assert desk.browser().post("/staff/sign-out").status_code == 303
    assert browser.get("/staff").status_code == 200
    assert desk.ended() == 0


@pytest.mark.parametrize(
    "change",
    [
        commands.disable,
        commands.reset,
        partial(commands.change_role, role=Role.VIEWER),
        partial(commands.choose_password, password_hash="another"),
    ],
)
def test_what_changes_an_account_ends_its_sessions(desk: Desk, change: object):
    browsers = [desk.signed_in(), desk.signed_in()]
    desk.ready("robin@example.org")
    other = desk.signed_in("robin@example.org")

    desk.do(change)

    assert [browser.get("/staff").status_code for browser in browsers] == [303, 303]
    assert [path_of(browser.get("/staff/renew"))[:14] for browser in browsers] == [
        "/staff/sign-in"
    ] * 2
    assert other.get("/staff").status_code == 200
    assert desk.ended() == 2
