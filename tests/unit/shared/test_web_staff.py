"""Who is let in by the staff cookie: for ten minutes, by role, and not once its session ended."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import pytest
from flask import Flask, Response, render_template_string
from flask.testing import FlaskClient
from itsdangerous import URLSafeSerializer

from shared.contracts.membership import StaffSessionEnded
from shared.staff import Role, Staff, forget_ended_sessions, note_ended
from shared.staff.models import EndedStaffSession
from shared.web import house_of
from shared.web.staff import COOKIE, current_staff, hand_out, require, required_role
from tests.support.staff import a_member_of_staff, cookie_of, sign_in
from tests.support.web import Clock, an_app, csrf_token

PAGE = """
{% extends "shared/staff.html" %}{% from "shared/forms.html" import csrf %}
{% block title %}Desk{% endblock %}
{% block content %}<form method="post">{{ csrf() }}</form>{% endblock %}
"""


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(tmp_path: Path, clock: Clock) -> Iterator[Flask]:
    with an_app(tmp_path, clock) as app:

        @app.route("/staff/desk", methods=["GET", "POST"])
        @require(Role.EDITOR)
        def desk() -> str:
            return render_template_string(PAGE)

        @app.get("/staff/me")
        @require(Role.VIEWER)
        def me() -> str:
            return f"{current_staff().name} {current_staff().role}"

        yield app


def browser_of(app: Flask, staff: Staff) -> FlaskClient:
    browser = app.test_client()
    sign_in(browser, staff, app)
    return browser


def test_staff_are_known_by_their_cookie(app: Flask):
    staff = a_member_of_staff(Role.EDITOR)

    page = browser_of(app, staff).get("/staff/me")

    assert (page.status_code, page.text) == (200, "Sam Example editor")


@pytest.mark.parametrize("role", Role)
def test_a_role_may_do_what_those_before_it_may(app: Flask, role: Role):
    page = browser_of(app, a_member_of_staff(role)).get("/staff/desk")

    assert page.status_code == (403 if role == Role.VIEWER else 200)
    assert ("needs an account with the role “editor”" in page.text) == (role == Role.VIEWER)


def test_who_has_no_cookie_is_sent_to_get_one_and_come_back(app: Flask):
    answer = app.test_client().get("/staff/desk?page=2&q=J%C3%B6")

    path = quote("/staff/desk?page=2&q=J%C3%B6", safe="")
    assert (answer.status_code, answer.location) == (303, f"/staff/renew?next={path}")


def test_what_was_posted_goes_along(app: Flask, clock: Clock):
    browser = browser_of(app, a_member_of_staff())
    token = csrf_token(browser, "/staff/desk")
    clock.pass_by(minutes=10)

    answer = browser.post("/staff/desk", data={"csrf_token": token})

    assert (answer.status_code, answer.location) == (307, "/staff/renew?next=%2Fstaff%2Fdesk")


def test_a_cookie_lives_for_ten_minutes(app: Flask, clock: Clock):
    browser = browser_of(app, a_member_of_staff())
    clock.pass_by(minutes=9, seconds=59)
    assert browser.get("/staff/me").status_code == 200
    clock.pass_by(seconds=1)

    assert browser.get("/staff/me").status_code == 303


def test_a_session_that_ended_is_refused_at_once(app: Flask, clock: Clock):
    staff = a_member_of_staff()
    browser = browser_of(app, staff)
    event = StaffSessionEnded(session_id=staff.session_id, ended_at=clock())
    other = browser_of(app, a_member_of_staff())
    with house_of(app).database.transaction("test") as session:
        for _ in range(2):  # an event may come twice
            note_ended(session, event, None)  # type: ignore[arg-type]

    assert browser.get("/staff/me").status_code == 303
    assert other.get("/staff/me").status_code == 200


def test_ended_sessions_are_forgotten_when_no_cookie_of_theirs_can_live(app: Flask, clock: Clock):
    database = house_of(app).database
    with database.transaction("test") as session:
        session.add(EndedStaffSession(session_id=uuid4(), ended_at=clock()))
    clock.pass_by(hours=23)
    with database.transaction("test") as session:
        assert forget_ended_sessions(session) == 0
    clock.pass_by(hours=1)
    with database.transaction("test") as session:
        assert forget_ended_sessions(session) == 1


def test_a_cookie_that_was_changed_or_made_with_another_key_is_none(app: Flask):
    real = cookie_of(a_member_of_staff(), app)
    payload, _, signature = real.rpartition(".")
    forged = URLSafeSerializer(b"another key", salt="coproduce staff cookie")
    said = URLSafeSerializer(b"").loads_unsafe(real)[1]
    for cookie in ("", "x", payload, f"{payload}x.{signature}", forged.dumps(said)):
        browser = app.test_client()
        browser.set_cookie(COOKIE, cookie)

        assert browser.get("/staff/me").status_code == 303


@pytest.mark.parametrize(("base_url", "secure"), [("http://localhost", False), ("https://a", True)])
def test_the_cookie_is_kept_from_scripts_other_sites_and_open_lines(
    tmp_path: Path, base_url: str, secure: bool
):
    with an_app(tmp_path, BASE_URL=base_url) as app, app.test_request_context():
        response = Response()
        hand_out(response, a_member_of_staff())

    header = response.headers["Set-Cookie"]
    assert ("Secure" in header) == secure
    for word in ("HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=600"):
        assert word in header


def test_the_menu_shows_what_a_role_may_go_to_and_where_one_is(app: Flask):
    administrator = browser_of(app, a_member_of_staff()).get("/staff/desk").text
    editor = browser_of(app, a_member_of_staff(Role.EDITOR, "Robin <b>")).get("/staff/desk").text

    assert "/staff/audit" in administrator
    assert "/staff/audit" not in editor
    assert ">Robin &lt;b&gt;</a>" in editor
    assert 'action="/staff/sign-out"' in editor


def test_a_view_tells_the_role_it_needs(app: Flask):
    assert required_role(app.view_functions["desk"]) == Role.EDITOR
    assert required_role(app.view_functions["static_file"]) is None
