"""The desk of one installation: membership's app on its own database, and staff who sign in."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyotp
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from membership.app import create_app
from membership.staff import commands, passwords, queries
from membership.staff.models import StaffAccount
from shared.messaging.models import StoredEvent
from shared.staff import Role
from shared.staff.models import StaffAct
from shared.web import house_of
from tests.support.mails import environ
from tests.support.once import migrate
from tests.support.web import Clock, csrf_token

EMAIL = "sam@example.org"
PASSWORD = "correct horse battery"
_KEPT = passwords.hashed(PASSWORD)  # it takes its time


class Desk:
    """Membership as staff meet it, at a moment that the test decides."""

    def __init__(self, directory: Path, **settings: str) -> None:
        database = f"sqlite:///{directory}/membership.sqlite3"
        self.clock = Clock()
        self.environ = environ(directory, DATABASE_URL=database, BASE_URL="http://localhost")
        self.app = create_app(self.environ | settings, clock=self.clock)
        self.database = house_of(self.app).database
        migrate(self.database, "membership")

    def browser(self) -> FlaskClient:
        """Return a browser with no cookies yet."""
        return self.app.test_client()

    def add(self, email: str = EMAIL, *, role: Role = Role.EDITOR, name: str = "Sam") -> str:
        """Add an account that has not been set up; return the token for it."""
        with self.database.transaction("test") as session:
            return commands.add_account(session, email=email, name=name, role=role)

    def ready(self, email: str = EMAIL, *, role: Role = Role.EDITOR, name: str = "Sam") -> None:
        """Add an account that can sign in with `PASSWORD`."""
        self.add(email, role=role, name=name)
        with self.database.transaction("test") as session:
            found = queries.account(session, email)
            assert found is not None
            commands.choose_password(session, found, _KEPT)

    def account(self, email: str = EMAIL) -> StaffAccount:
        """Return the account as it is kept."""
        with self.database.reading() as session:
            found = queries.account(session, email)
        assert found is not None
        return found

    def do(self, command: Any, *arguments: Any, email: str = EMAIL) -> Any:
        """Do *command* with the account of *email*."""
        with self.database.transaction("test") as session:
            account = queries.locked(session, self.account(email).id)
            return command(session, account, *arguments)

    def send(self, browser: FlaskClient, path: str, form: str = "", **typed: str) -> TestResponse:
        """Post what is *typed* into the form that is shown at *path*, or at *form*."""
        token = csrf_token(browser, form or path)
        return browser.post(path, data=typed | {"csrf_token": token})

    def sign_in(
        self, browser: FlaskClient, email: str = EMAIL, password: str = PASSWORD, next: str = ""
    ) -> TestResponse:
        """Send address and password."""
        path = f"/staff/sign-in?next={next}" if next else "/staff/sign-in"
        return self.send(browser, path, email=email, password=password)

    def signed_in(self, email: str = EMAIL) -> FlaskClient:
        """Return a browser in which the owner of *email* has signed in."""
        browser = self.browser()
        assert self.sign_in(browser, email).status_code == 303
        assert browser.get("/staff").status_code == 200
        return browser

    def turn_on_codes(self, browser: FlaskClient) -> tuple[str, list[str]]:
        """Turn on the second step; return the secret and the recovery codes."""
        path = "/staff/account/second-step"
        page = browser.get(path)
        secret = page.text.partition("<code>")[2].partition("</code>")[0]
        code = self.code(secret)
        page = self.send(browser, path, code=code, password=PASSWORD)
        parts = page.text.split("<code>")[1:]
        return secret, [part.partition("</code>")[0] for part in parts]

    def code(self, secret: str) -> str:
        """Return what the app of somebody who was told *secret* shows now."""
        return str(pyotp.TOTP(secret).at(self.clock()))

    def ended(self) -> int:
        """Return how many sessions the others were told have ended."""
        told = StoredEvent.type == "membership.staff_session_ended.v1"
        with self.database.reading() as session:
            return len(session.scalars(select(StoredEvent).where(told)).all())

    def acts(self) -> list[str]:
        """Return what was done, in order."""
        with self.database.reading() as session:
            return list(session.scalars(select(StaffAct.action).order_by(StaffAct.id)))


def path_of(answer: TestResponse) -> str:
    """Return where *answer* sends the browser."""
    parts = urlsplit(answer.location or "")
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
