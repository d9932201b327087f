"""Ten minutes at a time: work goes on unseen, and nothing that was typed is ever lost."""

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.desk import Desk, path_of

LONG = "Two lines,\r\nand <b>more</b> & “more”"


def test_the_cookie_is_renewed_on_the_way(desk: Desk):
    browser = desk.signed_in()
    desk.clock.pass_by(minutes=10)
    asked = browser.get("/staff/account?x=1")
    assert path_of(asked) == "/staff/renew?next=%2Fstaff%2Faccount%3Fx%3D1"

    back = browser.get(path_of(asked))

    assert (back.status_code, path_of(back)) == (303, "/staff/account?x=1")
    assert browser.get("/staff/account").status_code == 200


def posted_late(desk: Desk, browser: FlaskClient, **wait: int) -> TestResponse:
    """Open a form, wait, send it; return what the browser sees in the end, following 307 alone."""
    token = browser.get("/staff/account").text.partition('csrf_token" value="')[2].partition('"')[0]
    desk.clock.pass_by(**wait)
    typed = {"current": LONG, "password": "x", "csrf_token": token}
    answer = browser.post("/staff/account/password", data=typed)
    while answer.status_code == 307:
        answer = browser.post(path_of(answer), data=typed)
    return answer


def test_a_form_that_took_long_arrives_all_the_same(desk: Desk):
    answer = posted_late(desk, desk.signed_in(), minutes=59)

    assert answer.status_code == 422
    assert "This is not the password you have now" in answer.text


def test_a_form_that_took_too_long_is_kept_until_one_has_signed_in(desk: Desk):
    browser = desk.signed_in()
    kept = posted_late(desk, browser, minutes=60)

    assert kept.status_code == 401
    assert "this page keeps what you wrote" in kept.text
    assert 'action="/staff/account/password"' in kept.text
    assert "<b>more" not in kept.text
    assert "Two lines,\n" in kept.text.replace("\r\n", "\n")
    desk.sign_in(browser)
    token = browser.get("/staff/account").text.partition('csrf_token" value="')[2].partition('"')[0]
    again = browser.post(
        "/staff/account/password", data={"current": LONG, "password": "x", "csrf_token": token}
    )
    assert again.status_code == 422


@pytest.mark.parametrize(
    ("every", "times", "alive"), [(59, 12, True), (60, 1, False), (59, 13, False)]
)
def test_a_session_ends_after_an_hour_unseen_or_twelve_in_all(
    desk: Desk, every: int, times: int, alive: bool
):
    browser = desk.signed_in()
    for _ in range(times):
        desk.clock.pass_by(minutes=every)
        answer = browser.get("/staff/renew?next=/staff/account")

    expected = "/staff/account" if alive else "/staff/sign-in?next=/staff/account"
    assert path_of(answer) == expected


def test_a_cookie_that_is_none_is_no_session(desk: Desk):
    browser = desk.browser()
    browser.set_cookie("membership_session", "x.y.z")

    assert path_of(browser.get("/staff/renew")) == "/staff/sign-in?next=/staff"
