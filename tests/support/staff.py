"""Staff at the door of any service: cookies as membership hands them out."""

from uuid import uuid4

from flask import Flask, Response
from werkzeug.test import Client

from shared.staff import Role, Staff
from shared.web.staff import COOKIE, hand_out


def a_member_of_staff(role: Role = Role.ADMINISTRATOR, name: str = "Sam Example") -> Staff:
    """Return somebody with an account and a session of their own."""
    return Staff(account_id=uuid4(), session_id=uuid4(), name=name, role=role)


def cookie_of(staff: Staff, app: Flask) -> str:
    """Return the cookie by which *app* knows *staff*, for ten minutes."""
    with app.test_request_context():
        response = Response()
        hand_out(response, staff)
    return response.headers["Set-Cookie"].partition("=")[2].partition(";")[0]


def sign_in(browser: Client, staff: Staff, app: Flask) -> None:
    """Let *browser* come as *staff* from now on."""
    browser.set_cookie(COOKIE, cookie_of(staff, app))
