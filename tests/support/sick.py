"""Notifications that could not handle what it was told, and an administrator who looks at that."""

import re
from html import unescape
from pathlib import Path
from uuid import uuid4

from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from notifications.app import create_app
from notifications.handlers import HANDLERS
from notifications.models import Delivery, Template
from shared.contracts import Envelope, Event
from shared.contracts.registration import RegistrationConfirmed
from shared.db import database_now
from shared.messaging import Worker, accept
from shared.messaging.models import ReceivedEvent, State
from shared.staff import Role
from shared.staff.models import StaffAct
from shared.web import house_of
from tests.support.mails import an_envelope, an_event, environ
from tests.support.once import migrate
from tests.support.staff import a_member_of_staff, sign_in

AT = "/staff/system/notifications"
_HIDDEN = re.compile(r'type="hidden" name="(\w+)" value="([^"]*)"')


def fail(_session: object, _event: Event, _envelope: Envelope) -> None:
    raise LookupError("a message that names sam@example.org")


class Sick:
    """One installation of notifications, in one directory."""

    def __init__(self, directory: Path) -> None:
        self.environ = environ(directory, BASE_URL="http://localhost")
        self.app = create_app(self.environ)
        self.database = house_of(self.app).database
        migrate(self.database, "notifications")

    def gives_up(self, *emails: str) -> None:
        """Fail to tell the people at *emails* that they have a place, until that is given up."""
        for email in emails:
            self.hears(an_envelope(an_event(Template.CONFIRMED, email=email), subject=uuid4()))
        for _ in range(11):
            self.tries()

    def hears(self, *envelopes: Envelope) -> None:
        """Take in events."""
        with self.database.transaction("test") as session:
            accept(session, [envelope.to_bytes() for envelope in envelopes])

    def tries(self) -> None:
        """Fail to handle what waits, once more."""
        with self.database.transaction("test") as session:
            waiting = update(ReceivedEvent).where(ReceivedEvent.state == State.NEW)
            session.execute(waiting.values(due_at=database_now(session)))
        Worker(self.database, {RegistrationConfirmed: fail}).run_once()

    def recovers(self) -> None:
        """Handle all that is due as it should be."""
        while Worker(self.database, HANDLERS).run_once():
            pass

    def mails(self) -> int:
        """Return how many mails there are."""
        with self.database.reading() as session:
            return session.scalars(select(func.count()).select_from(Delivery)).one()

    def states(self) -> list[State]:
        """Return how far each event has come, in the order in which they came."""
        with self.database.reading() as session:
            return list(session.scalars(select(ReceivedEvent.state).order_by(ReceivedEvent.id)))

    def acts(self) -> list[tuple[str, str]]:
        """Return what staff did, and to what."""
        with self.database.reading() as session:
            acts = session.execute(select(StaffAct.action, StaffAct.about).order_by(StaffAct.id))
            return [(action, about) for action, about in acts]

    def browser(self, role: Role = Role.ADMINISTRATOR) -> FlaskClient:
        """Return a browser in which somebody has signed in."""
        browser = self.app.test_client()
        sign_in(browser, a_member_of_staff(role), self.app)
        return browser

    def sends(self, path: str, form: str, **typed: str) -> TestResponse:
        """Post to *path* the form at *form*, hidden fields and all; return where that leads."""
        browser = self.browser()
        hidden = {
            name: unescape(value) for name, value in _HIDDEN.findall(browser.get(AT + form).text)
        }
        return browser.post(AT + path, data=hidden | typed, follow_redirects=True)
