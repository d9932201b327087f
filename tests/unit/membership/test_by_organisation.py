"""Signing in by way of one's organisation: a real provider, and what others might make of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from joserfc.jwk import RSAKey
from werkzeug.test import TestResponse

from membership.staff import commands
from shared.config import ConfigurationError
from shared.staff import Role
from tests.support.desk import EMAIL, Desk, path_of
from tests.support.openid import Provider, a_provider, sent_back

START = "/staff/sign-in/organisation"
ROBIN = "robin@example.org"


@pytest.fixture(scope="module")
def served() -> Iterator[Provider]:
    with a_provider() as provider:
        yield provider


@pytest.fixture
def provider(served: Provider) -> Provider:
    served.claims, served.signing = {}, None
    return served


@pytest.fixture
def desk(tmp_path: Path, provider: Provider) -> Iterator[Desk]:
    desk = Desk(tmp_path, **provider.environ())
    now = int(desk.clock().timestamp())
    provider.claims = {"iat": now, "exp": now + 300}
    yield desk
    desk.database.dispose()


def signs_in(desk: Desk, browser: FlaskClient | None = None, next: str = "") -> TestResponse:
    browser = browser or desk.browser()
    return browser.get(sent_back(browser, next))


def test_the_page_offers_it_where_it_is_set_up(desk: Desk, tmp_path: Path):
    page = desk.browser().get("/staff/sign-in?next=/staff/account").text
    assert f'href="{START}?next=/staff/account"' in page
    (tmp_path / "without").mkdir()
    without = Desk(tmp_path / "without")

    assert START not in without.browser().get("/staff/sign-in").text
    assert without.browser().get(START).status_code == 404
    without.database.dispose()


def test_whoever_is_in_a_group_comes_in_with_its_role(desk: Desk):
    browser = desk.browser()

    answer = signs_in(desk, browser, next="/staff/account")

    assert (answer.status_code, path_of(answer)) == (303, "/staff/account")
    assert "Robin Example" in browser.get("/staff").text
    account = desk.account(ROBIN)
    assert (account.role, account.password_hash, account.setup_hash) == (Role.EDITOR, None, None)


def test_the_highest_role_counts_and_a_new_one_ends_what_was_begun(desk: Desk, provider: Provider):
    before = desk.browser()
    signs_in(desk, before)
    provider.claims["groups"] = ["everybody", "it", "web"]

    after = desk.browser()
    signs_in(desk, after)

    assert desk.account(ROBIN).role == Role.ADMINISTRATOR
    assert before.get("/staff").status_code == 303
    assert "The organisation" in after.get("/staff/audit").text


@pytest.mark.parametrize("groups", [[], ["choir"], "web", [1], None])
def test_who_is_in_no_group_stays_outside(desk: Desk, provider: Provider, groups: Any):
    provider.claims["groups"] = groups

    answer = signs_in(desk)

    assert (answer.status_code, "Ask an administrator" in answer.text) == (403, True)


def test_an_account_that_was_shut_stays_so(desk: Desk):
    signs_in(desk)
    desk.do(commands.disable, email=ROBIN)

    assert signs_in(desk).status_code == 403


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "of another"},
        {"aud": "another client"},
        {"iss": "https://elsewhere.example.org"},
        {"exp": 1},
        {"email_verified": False},
        {"email": None},
        {"email": "no address"},
        {"at_hash": "of another"},
    ],
    ids=str,
)
def test_what_does_not_prove_who_one_is_lets_nobody_in(
    desk: Desk, provider: Provider, claims: dict[str, Any]
):
    provider.claims |= claims
    browser = desk.browser()

    answer = signs_in(desk, browser)

    assert (answer.status_code, "We could not sign you in" in answer.text) == (400, True)
    assert browser.get("/staff").status_code == 303


def test_another_key_proves_nothing(desk: Desk, provider: Provider):
    provider.signing = RSAKey.generate_key(2048, {"kid": "1"})

    assert signs_in(desk).status_code == 400


def test_what_another_browser_began_is_refused(desk: Desk):
    attacker, victim = desk.browser(), desk.browser()
    sent_back(victim)

    assert victim.get(sent_back(attacker)).status_code == 400
    assert desk.browser().get(sent_back(attacker)).status_code == 400


def test_a_way_back_is_gone_once_and_not_late(desk: Desk):
    browser = desk.browser()
    back = sent_back(browser)
    assert browser.get(back).status_code == 303
    assert browser.get(back).status_code == 400
    late = sent_back(browser)
    desk.clock.pass_by(minutes=10)

    assert browser.get(late).status_code == 400


def test_a_provider_that_is_away_is_said_so(tmp_path: Path, provider: Provider):
    away = Desk(tmp_path, **provider.environ() | {"OIDC_ISSUER": "http://127.0.0.1:1"})

    answer = away.browser().get(START)

    assert (answer.status_code, "does not answer" in answer.text) == (503, True)
    away.database.dispose()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"OIDC_ISSUER": "http://provider.example.org"}, "OIDC_ISSUER: Not an https address."),
        ({"OIDC_ROLES": "web=king"}, "OIDC_ROLES: Not a list of groups and roles."),
        ({"OIDC_CLIENT_SECRET": ""}, "OIDC_CLIENT_SECRET: Missing."),
    ],
)
def test_a_wrong_setting_is_named(
    tmp_path: Path, provider: Provider, changes: dict[str, str], said: str
):
    with pytest.raises(ConfigurationError) as caught:
        Desk(tmp_path, **provider.environ() | changes)

    (line,) = caught.value.lines
    assert line.startswith(said)


def test_passwords_work_beside_it(desk: Desk):
    desk.ready()

    assert desk.sign_in(desk.browser(), EMAIL).status_code == 303
