"""Notifications as an operator meets it: its settings, its command, what its probes say."""

import re
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import insert

from notifications.app import create_app, make_sender
from notifications.cli import main
from notifications.handlers import HANDLERS
from notifications.mail.mailbox import Mailbox
from notifications.models import Delivery, DeliveryState, Lane, Template
from shared.config import ConfigurationError
from shared.db import Database, database_now
from shared.messaging import Worker, accept
from tests.support.mails import an_envelope, an_event, environ


def migrated(directory: Path, **changes: str) -> Database:
    done = CliRunner().invoke(main, ["migrate"], env=environ(directory, **changes))
    assert (done.exit_code, done.output) == (0, "")
    return Database(environ(directory)["DATABASE_URL"])


def test_a_transport_we_do_not_have_is_named_with_those_we_have(tmp_path: Path):
    with pytest.raises(ConfigurationError) as caught:
        create_app(environ(tmp_path, MAIL_TRANSPORT="pigeon", MAIL_FROM="nobody"))

    assert caught.value.lines == [
        "MAIL_TRANSPORT: Must be one of: mailbox, sendgrid, smtp."
        " Set it to sendgrid or smtp, or to mailbox, which keeps each mail as a file.",
        "MAIL_FROM: Not a valid email address."
        " Set it to the address that mail comes from, like hello@example.org.",
    ]


def test_how_mail_leaves_has_no_default(tmp_path: Path):
    with pytest.raises(ConfigurationError) as caught:
        create_app(environ(tmp_path, MAIL_TRANSPORT="", MAIL_FROM=""))

    assert [line.split()[:2] for line in caught.value.lines] == [
        ["MAIL_TRANSPORT:", "Missing."],
        ["MAIL_FROM:", "Missing."],
    ]


def test_migrating_is_said_wrong_in_words(tmp_path: Path):
    migrated(tmp_path).dispose()

    another = CliRunner().invoke(main, ["migrate"], env=environ(tmp_path, INSTANCE="another"))
    unset = CliRunner().invoke(main, ["migrate"], env=environ(tmp_path, INSTANCE=""))

    assert (another.exit_code, unset.exit_code) == (2, 2)
    assert another.output.startswith("Error: INSTANCE: this database was made for")
    assert unset.output.startswith("Error: INSTANCE: Missing.")


def test_metrics_tell_of_mail_that_is_late_or_lost(tmp_path: Path):
    database = migrated(tmp_path)
    client: FlaskClient = create_app(environ(tmp_path)).test_client()
    assert 'coproduce_deliveries_behind_seconds{service="notifications"} 0.0' in metrics(client)

    with database.transaction("test") as session:
        moment = database_now(session)
        for number, state in enumerate((DeliveryState.DUE, DeliveryState.UNKNOWN)):
            session.execute(
                insert(Delivery).values(
                    id=UUID(int=number), event_id=UUID(int=number), template=Template.LINK,
                    lane=Lane.SERVICE, subject=UUID(int=9), subject_version=1,
                    address_key="k", state=state, created_at=moment,
                    due_at=moment.replace(year=2020),
                    ended_at=moment.replace(year=2020),
                )
            )  # fmt: skip
    database.dispose()

    shown = metrics(client)
    assert 'coproduce_deliveries_unknown{service="notifications"} 1.0' in shown
    assert 'coproduce_deliveries_rejected{service="notifications"} 0.0' in shown
    ages = re.findall(r"^coproduce_deliveries_(\w+)_seconds{.*} (.*)", shown, re.MULTILINE)
    assert {name for name, age in ages if float(age) > 365 * 24 * 3600} == {"behind", "unknown"}
    assert client.get("/readyz").status_code == 200


def test_from_an_event_to_a_letter(tmp_path: Path):
    database = migrated(tmp_path)
    event = an_event(Template.CONFIRMED)
    with database.transaction("test") as session:
        accept(session, [an_envelope(event, subject=UUID(int=9)).to_bytes()])

    assert Worker(database, HANDLERS).run_once() == 1
    assert make_sender(environ(tmp_path), database).run_once() == 1
    database.dispose()

    (heading,) = Mailbox(tmp_path / "mailbox").headings()
    assert (heading.to, heading.subject) == ("jo@example.org", "You have a place: Sleeping better")


def metrics(client: FlaskClient) -> str:
    return client.get("/metrics").get_data(as_text=True)
