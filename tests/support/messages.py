"""Events on their way: of a type that one service handles, and of one that nobody does."""

from dataclasses import replace
from uuid import UUID, uuid4

from notifications.models import Template
from shared.contracts import Envelope, Event
from shared.contracts.registration import RegistrationConfirmed, WebinarPublished
from shared.messaging import Outgoing
from tests.support.mails import NOON, ONE, an_envelope, an_event

HANDLED = RegistrationConfirmed.type  # by notifications
UNHANDLED = WebinarPublished.type


def envelope(position: int = 1, *, subject: UUID | None = None, version: int = 1) -> Envelope:
    """Return an event that notifications handles, as it comes from registration."""
    return _placed(an_event(Template.CONFIRMED), position, subject or uuid4(), version)


def outgoing(position: int = 1) -> Outgoing:
    """Return an event that notifications handles, on its way from registration."""
    return Outgoing.of(envelope(position))


def unhandled(position: int = 1) -> Outgoing:
    """Return an event that nobody handles, on its way from registration."""
    event = WebinarPublished(slug="a", title="A", starts_at=NOON, ends_at=ONE)
    return Outgoing.of(_placed(event, position, uuid4(), 1))


def batch(count: int) -> list[Outgoing]:
    """Return the first *count* events of registration's history, all handled."""
    return [outgoing(position) for position in range(1, count + 1)]


def _placed(event: Event, position: int, subject: UUID, version: int) -> Envelope:
    stated = an_envelope(event, subject=subject, version=version)
    return replace(stated, sequence=f"{position:020d}")
