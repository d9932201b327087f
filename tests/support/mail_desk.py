"""The desk of mail of one installation: notifications' app, and staff who are signed in."""

from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import delete, select
from uuid_utils.compat import uuid7
from werkzeug.test import TestResponse

from notifications.app import create_app
from notifications.config import NotificationsSettings
from notifications.models import (
    Delivery,
    DeliveryState,
    Receipt,
    Recipient,
    Suppression,
    SuppressionReason,
    Template,
)
from notifications.receipts import ReceiptWorker
from notifications.suppressions import every, suppress
from shared.addresses import address_key
from shared.db import database_now, now
from shared.messaging.models import StoredEvent
from shared.staff import Role
from shared.staff.models import StaffAct
from shared.web import house_of
from tests.support.mails import a_delivery, environ
from tests.support.once import migrate
from tests.support.reporting import Reporter, a_report
from tests.support.staff import a_member_of_staff, sign_in
from tests.support.web import csrf_token

MAILS, LIST = "/staff/deliveries", "/staff/suppressions"


class MailDesk:
    """Notifications as staff meet it."""

    def __init__(self, directory: Path, **settings: str) -> None:
        self._reporter = Reporter()
        key = self._reporter.verification_key
        stated = {"BASE_URL": "http://localhost", "SENDGRID_WEBHOOK_KEYS": key}
        self.app = create_app(environ(directory, **stated | settings))
        self.database = house_of(self.app).database
        migrate(self.database, "notifications")

    def clear(self) -> None:
        """Forget every mail, every receipt, who is barred, and what staff did."""
        with self.database.transaction("test") as session:
            for model in (Delivery, Receipt, Suppression, StaffAct, StoredEvent, Recipient):
                session.execute(delete(model))

    def browser(self, role: Role = Role.SENDER) -> FlaskClient:
        """Return a browser in which somebody with *role* is signed in."""
        browser = self.app.test_client()
        sign_in(browser, a_member_of_staff(role), self.app)
        return browser

    def sees(self, path: str, *, role: Role = Role.SENDER, status: int = 200) -> str:
        """Return the page at *path*."""
        answer = self.browser(role).get(path)
        assert answer.status_code == status, answer.text
        return answer.text

    def posts(self, path: str, **said: str) -> TestResponse:
        """Send a form to *path*."""
        browser = self.browser()
        return browser.post(path, data=said | {"csrf_token": csrf_token(browser, MAILS)})

    def key(self, address: str) -> str:
        """Return the key of *address*."""
        settings = house_of(self.app).settings
        assert isinstance(settings, NotificationsSettings)
        return address_key(settings.address_key, address)

    def mail(
        self,
        state: DeliveryState = DeliveryState.DELIVERED,
        *,
        template: Template = Template.CONFIRMED,
        email: str = "jo@example.org",
        name: str | None = "Jo",
        **more: Any,
    ) -> UUID:
        """Keep a mail in *state*; return its id."""
        made = a_delivery(template, email=email, name=name or "", address_key=self.key(email))
        with self.database.transaction("test") as session:
            moment = database_now(session)
            stated = {"id": uuid7(), "created_at": moment, "due_at": moment, "attempts": 1} | more
            if state not in (DeliveryState.DUE, DeliveryState.SENDING):
                stated = {"ended_at": moment} | stated
            for field, value in (stated | {"state": state, "name": name}).items():
                setattr(made, field, value)
            session.add(made)
            session.flush()
            return made.id

    def kept(self, id: UUID) -> Delivery:
        """Return the mail as it is kept."""
        with self.database.reading() as session:
            return session.get_one(Delivery, id)

    def report(self, event: str, id: UUID, **more: Any) -> None:
        """Let the provider report of a mail, and apply that."""
        told = [a_report(event, id, **more)]
        assert self._reporter.post(self.app.test_client(), told).status_code == 204
        ReceiptWorker(self.database).run_once()

    def bar(self, email: str, reason: SuppressionReason = SuppressionReason.HARD_BOUNCE) -> UUID:
        """Let an address not be written to; return the suppression's id."""
        key = self.key(email)
        with self.database.transaction("test") as session:
            suppress(session, key, reason, evidence="reported on Monday", address=email)
            return every(session, key)[0].id

    def acts(self) -> list[tuple[str, str]]:
        """Return what staff did, and to what."""
        with self.database.reading() as session:
            return [(act.action, act.about) for act in session.scalars(select(StaffAct))]

    def moment(self) -> datetime:
        """Return what time it is."""
        with self.database.reading() as session:
            return now(session)
