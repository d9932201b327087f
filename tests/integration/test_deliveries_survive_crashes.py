"""A sender killed at any moment: no mail is lost, torn, or there twice."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from notifications.app import make_sender
from notifications.handlers import HANDLERS
from notifications.mail.mailbox import Mailbox
from notifications.models import Delivery, DeliveryState, Template
from shared.db import Database, database_now
from shared.messaging import Worker, accept
from tests.support.mails import an_envelope, an_event, environ
from tests.support.once import migrate

SEND = """
import os
from notifications.app import make_sender
from shared.db import Database
make_sender(os.environ, Database(os.environ["DATABASE_URL"])).run_once()
"""


def killed_sending(environ: dict[str, str], *, at: str) -> None:
    """Send in a process of its own, which kills itself at the crash point *at*."""
    done = subprocess.run(
        [sys.executable, "-c", SEND], env=os.environ | environ | {"CRASH_AT": at}, check=False
    )
    assert done.returncode == -signal.SIGKILL


def heard(database: Database, *, mails: int) -> None:
    """Have *mails* mails due in *database*."""
    with database.transaction("test") as session:
        for _ in range(mails):
            envelope = an_envelope(an_event(Template.CONFIRMED), subject=uuid4())
            accept(session, [envelope.to_bytes()])
    Worker(database, HANDLERS).run_once()


def letters(mailbox: Mailbox) -> list[UUID]:
    """Return the ids of all letters, having opened each."""
    ids = [heading.id for heading in mailbox.headings()]
    for letter in map(mailbox.read, ids):
        assert letter.text.rstrip().endswith("hello@example.org")
        assert letter.html.rstrip().endswith("</html>")
    return ids


@pytest.mark.parametrize(
    "at",
    [
        "claim.before_commit",
        "claim.after_commit",
        "mailbox.before_write",
        "mailbox.before_rename:2",
        "mailbox.after_rename:2",
        "outcome.before_commit",
        "outcome.after_commit",
    ],
)
def test_every_mail_is_there_once_and_whole(database: Database, tmp_path: Path, at: str):
    url = database.engine.url.render_as_string(hide_password=False)
    around = environ(tmp_path, DATABASE_URL=url)
    migrate(database, "notifications")
    heard(database, mails=3)

    killed_sending(around, at=at)
    letters(Mailbox(tmp_path / "mailbox"))
    with database.transaction("test") as session:
        past = database_now(session) - timedelta(seconds=1)
        sending = update(Delivery).where(Delivery.state == DeliveryState.SENDING)
        session.execute(sending.values(claim_until=past))
    sender = make_sender(around, database)
    while sender.run_once():
        pass

    with database.reading() as session:
        deliveries = session.scalars(select(Delivery)).all()
    assert [delivery.state for delivery in deliveries] == [DeliveryState.ACCEPTED] * 3
    kept = letters(Mailbox(tmp_path / "mailbox"))
    assert sorted(kept) == sorted(delivery.id for delivery in deliveries)
    assert len(list((tmp_path / "mailbox").glob("[!.]*"))) == 3
