"""What people, staff and the provider do to notifications."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from click.testing import CliRunner
from sqlalchemy import select, update

from notifications.app import create_app
from notifications.cli import main as command
from notifications.mail import Mail
from notifications.models import (
    Delivery,
    DeliveryState,
    Lane,
    PermissionStatement,
    Receipt,
    Suppression,
    SuppressionReason,
)
from notifications.preferences import stop
from notifications.receipts import ReceiptWorker
from notifications.recipients import recipient_of
from notifications.rendering import Renderer
from notifications.sender import Sender
from notifications.suppressions import suppress
from shared.addresses import address_key
from shared.db import Database, database_now
from shared.links import Purpose
from shared.messaging.models import StoredEvent
from shared.staff.models import StaffAct
from shared.web import house_of
from tests.support.due import make_due
from tests.support.mails import Post, environ, settings
from tests.support.reporting import Reporter, a_report
from tests.support.staff import a_member_of_staff, sign_in
from tests.support.web import csrf_token

JO = f"{0:064x}"  # the key of whom the one mail is for
BARRED = "barred@example.org"


class Place:
    """Notifications of one installation, in one directory."""

    def __init__(self, directory: Path) -> None:
        self.reporter = Reporter()
        self.settings = settings(directory)
        self.environ = environ(
            directory,
            BASE_URL="http://localhost",
            SENDGRID_WEBHOOK_KEYS=self.reporter.verification_key,
        )
        self.database = Database(self.environ["DATABASE_URL"])

    def prepare(self, name: str) -> None:
        """Make what the act *name* needs: a mail, somebody who is not mailed, what is reported."""
        self.command("migrate")
        with self.database.transaction("prepare") as session:
            recipient_of(session, JO)
            make_due(session, Lane.BULK, range(1))
            key = address_key(self.settings.address_key, BARRED)
            suppress(session, key, SuppressionReason.COMPLAINT, evidence="spam")
            if name.endswith("send_again"):
                unknown = {"state": DeliveryState.UNKNOWN, "ended_at": database_now(session)}
                session.execute(update(Delivery).values(unknown))
        if name == "receipts":
            self.report()

    def command(self, *words: str) -> None:
        """Run a command, which says no when it was done before."""
        CliRunner().invoke(command, words, obj=self.environ)

    def press(self, purpose: Purpose, more: str = "") -> None:
        """Press a button behind a link."""
        app = create_app(self.environ)
        with self.database.transaction("test") as session:
            id = recipient_of(session, JO).id
        client = app.test_client()
        path = urlsplit(house_of(app).links.url(purpose, id, 0)).path
        answer = client.post(path + more, data={"csrf_token": csrf_token(client, path)})
        assert answer.status_code < 400

    def write(self, path: str, **typed: str) -> None:
        """Post a form of the console as a member of staff."""
        app = create_app(self.environ)
        browser = app.test_client()
        sign_in(browser, a_member_of_staff(), app)
        token = csrf_token(browser, "/staff/deliveries")
        print(browser.post(path, data=typed | {"csrf_token": token}).status_code)

    def lift(self) -> None:
        """Let who was barred be written to again, at the desk."""
        with self.database.reading() as session:
            id = session.scalars(select(Suppression.id)).one()
        self.write(f"/staff/suppressions/{id}", because="asked")

    def mail(self) -> UUID:
        """Return the id of the one mail."""
        with self.database.reading() as session:
            return session.scalars(select(Delivery.id)).one()

    def report(self) -> None:
        """Report, as the provider does once and again, that the mail has arrived."""
        client = create_app(self.environ).test_client()
        told = a_report("delivered", self.mail()) | {"sg_event_id": "once", "timestamp": 1700000000}
        assert self.reporter.post(client, [told]).status_code == 204

    def send(self) -> None:
        """Send what is due, while the person stops invitations."""
        with self.database.transaction("test") as session:
            past = database_now(session).replace(year=2020)
            held = Delivery.state == DeliveryState.SENDING
            session.execute(update(Delivery).where(held).values(claim_until=past))
        renderer = Changing(self)
        Sender(self.database, Post(), renderer, Lane.BULK).run_once()

    def close(self) -> None:
        """Let go of what is open."""
        self.database.dispose()

    def told(self) -> dict[str, list[str]]:
        """Return all that matters of what is stored."""
        with self.database.reading() as session:
            kept = {
                "statements": PermissionStatement.given,
                "events": StoredEvent.type,
                "suppressions": Suppression.lifted_because,
                "mails": Delivery.state,
                "acts": StaffAct.action,
                "receipts": Receipt.state,
            }
            return {
                name: sorted(map(str, session.scalars(select(column))))
                for name, column in kept.items()
            }


class Changing(Renderer):
    """Writes a mail, while the person who is to get it stops invitations."""

    def __init__(self, place: Place) -> None:
        super().__init__(place.settings)
        self._place = place

    def render(self, delivery: Delivery, written_at: datetime) -> Mail:
        """Return the mail, which nobody wants any more."""
        with self._place.database.transaction("test") as session:
            stop(session, recipient_of(session, JO))
        return super().render(delivery, written_at)


ACTS: Mapping[str, Callable[[Place], None]] = {
    "desk.lift": Place.lift,
    "desk.send_again": lambda place: place.write(f"/staff/deliveries/{place.mail()}/send-again"),
    "lift": lambda place: place.command("suppressions", "lift", BARRED, "--because", "asked"),
    "preferences": lambda place: place.press(Purpose.PREFERENCES, "/off"),
    "receipts": lambda place: print(ReceiptWorker(place.database).run_once()),
    "receipts.kept": Place.report,
    "send_again": lambda place: place.command(
        "deliveries", "send-again", str(place.mail()), "--yes"
    ),
    "skip": Place.send,
    "unsubscribe": lambda place: place.press(Purpose.UNSUBSCRIBE),
}
