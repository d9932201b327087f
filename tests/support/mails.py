"""What the tests of mail stand on: settings, facts that lead to mail, and a mailer to look into."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from notifications.config import NotificationsSettings
from notifications.mail import Accepted, Mail, Outcome
from notifications.models import TO_MANY, Delivery, DeliveryState, Lane, Template
from shared.config import read
from shared.contracts import Envelope, Event
from shared.contracts.membership import (
    AddressChangeAsked,
    AddressProven,
    AddressTaken,
    JoiningAsked,
    MemberContactChanged,
    MemberLinkRequested,
)
from shared.contracts.registration import (
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationLinkRequested,
    RegistrationWaitlisted,
    RegistrationWithdrawn,
    WebinarAccessChanged,
)
from tests.support.web import an_environ

NOON = datetime(2022, 7, 7, 11, tzinfo=UTC)  # midday in London
ONE = datetime(2022, 7, 7, 12, tzinfo=UTC)
EVENTS: Mapping[Template, type[Event]] = {
    Template.CONFIRMED: RegistrationConfirmed,
    Template.WAITLISTED: RegistrationWaitlisted,
    Template.WITHDRAWN: RegistrationWithdrawn,
    Template.LINK: RegistrationLinkRequested,
    Template.JOINING: JoiningAsked,
    Template.WELCOME: AddressProven,
    Template.MEMBER_LINK: MemberLinkRequested,
    Template.ADDRESS_ASKED: AddressChangeAsked,
    Template.ADDRESS_TAKEN: AddressTaken,
    Template.CHANGED: WebinarAccessChanged,
    Template.CANCELLED: RegistrationCancelled,
}
# One event, two mails: to the new address and to the former one.
OF_A_MOVE = (Template.ADDRESS_PROVEN, Template.ADDRESS_CHANGED)
JOINING_LINK = "https://meet.example.org/sleep?room=1&key=2"
_MOVED = {
    "former_email": "jo.before@example.org",
    "former_address_key": "f0" * 32,
    "changed_at": NOON,
}
# What the events of these mails state besides.
_MORE: Mapping[Template, Mapping[str, Any]] = {
    Template.CONFIRMED: {"joining_link": JOINING_LINK},
    Template.CHANGED: {
        "state": "confirmed",
        "old_starts_at": NOON - timedelta(days=1, hours=2),
        "old_ends_at": ONE - timedelta(days=1, hours=2),
        "joining_link": JOINING_LINK,
        "is_new_link": False,
    },
    Template.ADDRESS_PROVEN: _MOVED,
    Template.ADDRESS_CHANGED: _MOVED,
    Template.CANCELLED: {"message": "Two of our panel are ill.\n\nWe hope to find another day."},
}
OF_MEMBERS = (
    Template.JOINING,
    Template.WELCOME,
    Template.MEMBER_LINK,
    Template.ADDRESS_ASKED,
    Template.ADDRESS_TAKEN,
    *OF_A_MOVE,
)


def environ(directory: Path, **changes: str) -> dict[str, str]:
    """Return an environment that notifications can run in, all of it within *directory*."""
    usual = an_environ(
        f"sqlite:///{directory}/notifications.sqlite3", BASE_URL="https://coproduce.example.org"
    )
    own = {
        "MAIL_TRANSPORT": "mailbox",
        "MAILBOX_DIRECTORY": str(directory / "mailbox"),
        "MAIL_FROM": "webinars@example.org",
    }
    return usual | own | changes


def settings(directory: Path, **changes: str) -> NotificationsSettings:
    """Return the settings that `environ` makes."""
    return read(NotificationsSettings, environ(directory, **changes))


def an_event(template: Template, **changes: Any) -> Event:
    """Return a fact that leads to a mail of *template*."""
    stated: dict[str, Any] = {
        "email": "jo@example.org",
        "address_key": "0f" * 32,
        "name": "Jo",
        "link_generation": 1,
    }
    if template in OF_MEMBERS:
        event = EVENTS.get(template, MemberContactChanged)
        all_of_it = stated | {**_MORE.get(template, {})} | changes
        return event(**{field.name: all_of_it[field.name] for field in fields(event)})  # type: ignore[arg-type]
    stated |= {
        "webinar_id": UUID(int=5),
        "webinar_slug": "sleeping-better",
        "webinar_title": "Sleeping better",
        "starts_at": NOON,
        "ends_at": ONE,
    }
    return EVENTS[template](**stated | {**_MORE.get(template, {})} | changes)


def an_envelope(event: Event, *, subject: UUID, version: int = 1) -> Envelope:
    """Return *event* as it comes from registration."""
    return Envelope(
        id=uuid4(),
        source="urn:coproduce:test:registration",
        type=event.type,
        time=NOON,
        subject=str(subject),
        subjectversion=version,
        sequence="00000000000000000001",
        correlationid="c",
        causationid=None,
        traceparent="t",
        dataref=None,
        data=event.dump(),
    )


def _context(template: Template, **changes: Any) -> dict[str, Any]:
    if template in EVENTS or template in OF_A_MOVE:
        return an_event(template, **changes).dump()
    context = an_event(Template.LINK, **changes).dump()
    if template == Template.INVITATION:
        return context | {"summary": "What helps, and what does not."}
    return context | {"wording": "Email me about future webinars"}


def a_delivery(template: Template, **changes: Any) -> Delivery:
    """Return a delivery as its event, or a campaign, makes it, in no database."""
    context = {"name": changes.get("name", "Jo")} | _context(template, **changes)
    apart = {name: context.pop(name) for name in ("email", "name", "address_key")}
    return Delivery(
        id=uuid4(),
        event_id=uuid4(),
        template=template,
        lane=Lane.BULK if template in TO_MANY else Lane.SERVICE,
        subject=UUID(int=9),
        subject_version=1,
        address_key=apart["address_key"],
        address=apart["email"],
        name=apart["name"],
        context=context,
        state=DeliveryState.SENDING,
    )


class Post:
    """A mailer that takes what it is told to take, and remembers what it was handed."""

    def __init__(self, *, idempotent: bool = True) -> None:
        self.idempotent = idempotent
        self.handed: list[Mail] = []
        self.outcome: Outcome | Exception = Accepted()

    def send(self, mails: Sequence[Mail]) -> Sequence[Outcome]:
        """Return the outcome it was told, for each. Raises what it was told to raise."""
        self.handed.extend(mails)
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return [self.outcome for _ in mails]
