"""A code besides the password: from an app, or a recovery code, each once."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from membership.staff import commands
from tests.support.desk import PASSWORD, Desk, path_of

CODE = "/staff/sign-in/code"
NOT_RIGHT = "This code is not right, or was used before"


@pytest.fixture
def told(desk: Desk) -> tuple[str, list[str]]:
    """Return the secret in the app, and the recovery codes, of an account that asks for a code."""
    secret, codes = desk.turn_on_codes(desk.signed_in())
    desk.clock.pass_by(minutes=1)
    return secret, codes


def test_a_code_is_asked_for_and_lets_in_once(desk: Desk, told: tuple[str, list[str]]):
    secret, _ = told
    browser, other = desk.browser(), desk.browser()
    assert path_of(desk.sign_in(browser, next="/staff/account")).startswith(CODE)
    assert browser.get("/staff").status_code == 303
    wrong = desk.send(browser, CODE, code="000000")
    assert (wrong.status_code, NOT_RIGHT in wrong.text) == (422, True)
    code = desk.code(secret)

    right = desk.send(browser, CODE + "?next=/staff/account", code=f"{code[:3]} {code[3:]}")

    assert (right.status_code, path_of(right)) == (303, "/staff/account")
    assert browser.get("/staff").status_code == 200
    desk.sign_in(other)
    assert NOT_RIGHT in desk.send(other, CODE, code=code).text


@pytest.mark.parametrize(("late", "status"), [(-30, 303), (0, 303), (30, 303), (60, 422)])
def test_a_clock_may_be_half_a_minute_wrong(
    desk: Desk, told: tuple[str, list[str]], late: int, status: int
):
    secret, _ = told
    browser = desk.browser()
    desk.sign_in(browser)
    desk.clock.pass_by(seconds=-late)
    code = desk.code(secret)
    desk.clock.pass_by(seconds=late)

    assert desk.send(browser, CODE, code=code).status_code == status


def test_each_recovery_code_lets_in_once(desk: Desk, told: tuple[str, list[str]]):
    _, codes = told
    assert len(set(codes)) == 10
    browser, other = desk.browser(), desk.browser()
    desk.sign_in(browser)
    desk.sign_in(other)

    typed = codes[3].upper().replace("-", " ")
    assert desk.send(browser, CODE, code=typed).status_code == 303
    assert desk.send(other, CODE, code=codes[3]).status_code == 422
    assert desk.send(other, CODE, code=codes[4]).status_code == 303


def test_nobody_goes_on_guessing_codes(desk: Desk, told: tuple[str, list[str]]):
    secret, _ = told
    browser = desk.browser()
    desk.sign_in(browser)
    statuses = [desk.send(browser, CODE, code="000000").status_code for _ in range(9)]
    assert statuses[-1] == 429 or desk.send(browser, CODE, code="000000").status_code == 429

    assert desk.send(browser, CODE, code=desk.code(secret)).status_code == 429


def test_who_takes_long_over_the_code_begins_again(desk: Desk, told: tuple[str, list[str]]):
    browser = desk.browser()
    desk.sign_in(browser)
    desk.clock.pass_by(minutes=5)

    answer = browser.get(CODE)

    assert path_of(answer) == "/staff/sign-in?next=/staff"
    assert "longer than five minutes" in browser.get(path_of(answer)).text


def test_a_code_counts_only_with_the_password_it_followed(desk: Desk, told: tuple[str, list[str]]):
    secret, _ = told
    browser = desk.browser()
    desk.sign_in(browser)
    desk.do(commands.choose_password, "another hash")

    answer = desk.send(browser, CODE, code=desk.code(secret))

    assert path_of(answer) == "/staff/sign-in?next=/staff"


def test_without_a_password_the_page_for_codes_is_no_door(desk: Desk):
    assert path_of(desk.browser().get(CODE)) == "/staff/sign-in?next=/staff"


def test_turning_it_on_takes_password_and_code(desk: Desk):
    browser = desk.signed_in()
    path = "/staff/account/second-step"
    page = browser.get(path).text
    secret = page.partition("<code>")[2].partition("</code>")[0]
    assert "<svg" in page

    wrong_code = desk.send(browser, path, code="000000", password=PASSWORD)
    wrong_password = desk.send(browser, path, code=desk.code(secret), password="wrong")

    assert "This is not the code" in wrong_code.text
    assert secret in wrong_code.text  # the one that the app has been told
    assert "This is not the password" in wrong_password.text
    assert desk.account().totp_secret is None


def test_the_secret_is_not_kept_in_the_clear(desk: Desk, told: tuple[str, list[str]]):
    secret, codes = told
    kept = (desk.account().totp_secret or "") + str(
        [path.read_bytes() for path in desk_files(desk)]
    )

    assert secret not in kept
    assert not [code for code in codes if code in kept]


def desk_files(desk: Desk) -> Iterable[Path]:
    """Return the files in which the database keeps all."""
    return Path(desk.database.engine.url.database or "").parent.glob("membership.sqlite3*")


def test_turning_it_off_takes_the_password(desk: Desk, told: tuple[str, list[str]]):
    secret, codes = told
    browser = desk.browser()
    desk.sign_in(browser)
    desk.send(browser, CODE, code=desk.code(secret))
    form, off = "/staff/account/second-step", "/staff/account/second-step/off"

    assert desk.send(browser, off, form, password="wrong").status_code == 422
    assert desk.send(browser, off, form, password=PASSWORD).status_code == 303

    assert path_of(desk.sign_in(desk.browser())) == "/staff"
    assert desk.acts()[-2:] == ["second_step_turned_off", "signed_in"]
