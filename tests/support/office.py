"""Notifications from its inbox to its mailer, with what it did laid open."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update

from notifications.app import SERVICE
from notifications.models import Delivery, DeliveryState, Lane, Template
from notifications.rendering import Renderer
from notifications.sender import Sender
from shared.contracts import Envelope
from shared.db import Database, database_now
from shared.messaging import Worker, accept
from shared.messaging.models import ReceivedEvent, State
from tests.support.mails import Post, an_envelope, an_event, settings
from tests.support.once import migrate


class Office:
    """One installation's notifications, and the post it hands its mails to."""

    def __init__(self, database: Database, directory: Path) -> None:
        migrate(database, "notifications")
        self.database = database
        self.post = Post()
        self.renderer = Renderer(settings(directory))
        self.worker = Worker(database, SERVICE.handlers)

    @property
    def sender(self) -> Sender:
        """Return one more sender."""
        return Sender(self.database, self.post, self.renderer)

    def send(self) -> int:
        """Send what is due, in either lane; return how many were taken up."""
        return sum(
            Sender(self.database, self.post, self.renderer, lane).run_once() for lane in Lane
        )

    def hear(
        self, template: Template, *, subject: UUID, version: int = 1, **changes: Any
    ) -> Envelope:
        """Handle the event that leads to *template*, and return it."""
        envelope = an_envelope(an_event(template, **changes), subject=subject, version=version)
        self.handle(envelope)
        return envelope

    def handle(self, envelope: Envelope) -> None:
        """Handle *envelope*; the inbox has forgotten whether it came before."""
        with self.database.transaction("test") as session:
            session.execute(delete(ReceivedEvent))
            accept(session, [envelope.to_bytes()])
        while self.worker.run_once():
            pass
        assert {row.state for row in self.rows(ReceivedEvent)} == {State.DONE}

    def rows(self, model: Any) -> list[Any]:
        """Return every row of *model*."""
        with self.database.reading() as session:
            return list(session.scalars(select(model)))

    def states(self) -> Counter[tuple[Template, DeliveryState]]:
        """Return how many deliveries of each template are in which state."""
        return Counter((row.template, row.state) for row in self.rows(Delivery))

    def change(self, **values: Any) -> None:
        """Set *values* on every delivery; one given as a function gets the time."""
        with self.database.transaction("test") as session:
            moment = database_now(session)
            stated = {name: v(moment) if callable(v) else v for name, v in values.items()}
            session.execute(update(Delivery).values(stated))

    def hurry(self) -> None:
        """Make everything that waits for its time due now."""
        self.change(due_at=lambda moment: moment)

    def expire(self) -> None:
        """Let the time of every claim run out."""
        self.change(claim_until=lambda moment: moment - timedelta(seconds=1))
