"""Accounts: set up by a link that works once, changed by their owner, listed for administrators."""

import pytest
from click.testing import CliRunner, Result

from membership.cli import main
from shared.staff import Role
from tests.support.desk import EMAIL, PASSWORD, Desk, path_of

NEW = "new@example.org"
ANOTHER = "purple tractor sunday"


def command(desk: Desk, *words: str) -> Result:
    return CliRunner().invoke(main, ["staff", *words], obj=desk.environ)


def link_in(result: Result) -> str:
    """Return the path of the link that a command printed."""
    assert result.exit_code == 0, result.output
    return result.output.partition("http://localhost")[2].strip()


def test_the_command_adds_an_account_whose_owner_chooses_the_password(desk: Desk):
    link = link_in(command(desk, "add", NEW, "--name", "Robin", "--role", "sender"))
    browser = desk.browser()
    assert f"<strong>{NEW}</strong>" in browser.get(link).text

    answer = desk.send(browser, link, password=ANOTHER)

    assert path_of(answer) == "/staff"
    assert "Robin" in browser.get("/staff").text
    assert browser.get(link).status_code == 404
    assert desk.sign_in(desk.browser(), NEW, ANOTHER).status_code == 303
    account = desk.account(NEW)
    assert account.role == Role.SENDER
    assert (account.password_hash or "").startswith("$argon2id$")


def test_a_link_works_for_three_days(desk: Desk):
    link = f"/staff/set-up/{desk.add(NEW)}"
    desk.clock.pass_by(days=3, seconds=-1)
    assert desk.browser().get(link).status_code == 200
    desk.clock.pass_by(seconds=1)

    over = desk.browser().get(link)

    assert (over.status_code, "This link no longer works" in over.text) == (404, True)
    assert desk.browser().get("/staff/set-up/x").status_code == 404


@pytest.mark.parametrize("weak", ["", "short", "aaaabbbbaaaabbbb", "longaddress1", "x" * 201])
def test_a_password_that_is_easily_guessed_is_refused(desk: Desk, weak: str):
    link = f"/staff/set-up/{desk.add('longaddress1@example.org')}"
    browser = desk.browser()

    answer = desk.send(browser, link, password=weak)

    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert browser.get(link).status_code == 200


def test_an_owner_changes_the_password_and_stays(desk: Desk):
    browser, other = desk.signed_in(), desk.signed_in()
    path, form = "/staff/account/password", "/staff/account"
    wrong = desk.send(browser, path, form, current="wrong", password=ANOTHER)
    weak = desk.send(browser, path, form, current=PASSWORD, password="short")
    assert (wrong.status_code, weak.status_code) == (422, 422)

    answer = desk.send(browser, path, form, current=PASSWORD, password=ANOTHER)

    assert path_of(answer) == "/staff/account"
    assert "Your password has been changed" in browser.get("/staff/account").text
    assert other.get("/staff").status_code == 303
    assert desk.sign_in(desk.browser()).status_code == 422
    assert desk.sign_in(desk.browser(), password=ANOTHER).status_code == 303


def test_the_commands_shut_reset_and_change(desk: Desk):
    browser = desk.signed_in()
    assert command(desk, "disable", EMAIL).exit_code == 0
    assert browser.get("/staff").status_code == 303
    assert desk.sign_in(desk.browser()).status_code == 422
    assert "shut since" in command(desk, "list").output

    link = link_in(command(desk, "reset", EMAIL.upper()))
    desk.send(desk.browser(), link, password=ANOTHER)
    assert command(desk, "role", EMAIL, "approver").exit_code == 0

    assert desk.sign_in(desk.browser(), password=ANOTHER).status_code == 303
    assert f"{EMAIL}  Sam  approver  may sign in" in command(desk, "list").output


def test_a_link_of_before_is_dead_once_there_is_another_or_none(desk: Desk):
    first = f"/staff/set-up/{desk.add(NEW)}"
    second = link_in(command(desk, "reset", NEW))
    assert desk.browser().get(first).status_code == 404
    assert desk.browser().get(second).status_code == 200
    command(desk, "disable", NEW)

    assert desk.browser().get(second).status_code == 404


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["add", "nonsense", "--name", "R", "--role", "viewer"], "EMAIL: it is not an email"),
        (["add", EMAIL, "--name", "R", "--role", "viewer"], "EMAIL: there is an account"),
        (["add", NEW, "--name", " ", "--role", "viewer"], "--name: give 1 to 100 letters."),
        (["add", NEW, "--name", "R", "--role", "king"], "'king' is not one of"),
        (["disable", "nobody@example.org"], "EMAIL: no account has this address"),
        (["reset", "nobody@example.org"], "EMAIL: no account has this address"),
    ],
)
def test_what_a_command_cannot_do_is_said_in_a_line(desk: Desk, words: list[str], said: str):
    result = command(desk, *words)

    assert result.exit_code == 2
    assert said in result.output


def test_administrators_see_who_did_what(desk: Desk):
    desk.ready("ada@example.org", role=Role.ADMINISTRATOR, name="Ada <i>")
    desk.signed_in()
    ada = desk.signed_in("ada@example.org")

    trail = ada.get("/staff/audit").text
    own = ada.get(f"/staff/audit?by={desk.account().id}").text

    assert "Ada &lt;i&gt;" in trail
    assert trail.count("Account added") == 2
    assert trail.count("Signed in") == 2
    assert own.count("Signed in") == 1
    assert own.count("Account added") == 0  # that was done by the command line
    assert desk.signed_in().get("/staff/audit").status_code == 403


def test_the_trail_is_read_page_by_page(desk: Desk):
    desk.ready("ada@example.org", role=Role.ADMINISTRATOR)
    ada = desk.signed_in("ada@example.org")
    for _ in range(60):
        desk.signed_in()
        desk.clock.pass_by(minutes=1, seconds=31)  # no limit is reached
        ada.get("/staff/renew")

    first = ada.get("/staff/audit").text
    second = ada.get("/staff/audit?page=2").text

    assert first.count("Signed in") == 50
    assert second.count("Signed in") == 11
    assert ("Older" in first, "Older" in second, "Newer" in second) == (True, False, True)


@pytest.mark.parametrize("asked", ["page=0", "page=x", "page=99999999999999999999", "by=x", "by="])
def test_nonsense_in_the_address_does_no_harm(desk: Desk, asked: str):
    desk.ready("ada@example.org", role=Role.ADMINISTRATOR)

    assert desk.signed_in("ada@example.org").get(f"/staff/audit?{asked}").status_code == 200
