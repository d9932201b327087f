"""What one installation has stored, read from outside, without the code that wrote it."""

import email
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.policy import default
from pathlib import Path
from typing import Any, NamedTuple, Self
from uuid import UUID

from sqlalchemy import NullPool, create_engine, text


class Registration(NamedTuple):
    """A row of registration, with how many events are said to have spoken of it."""

    id: UUID
    webinar: UUID
    address_key: str
    email: str
    state: str
    version: int


class Event(NamedTuple):
    """An event as its publisher keeps it."""

    key: tuple[str, UUID]  # source and id
    name: str  # its type, without publisher and version
    subject: UUID
    version: int
    position: int | None
    is_published: bool
    address_key: str | None


class Delivery(NamedTuple):
    """A mail as notifications keeps it."""

    id: UUID
    key: tuple[UUID, str, str]  # event, template, address key
    subject: UUID
    version: int
    address: str
    state: str
    attempts: int


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A file of the mailbox."""

    id: UUID
    to: str
    is_whole: bool


class Ledgers:
    """The databases and the mailbox of one installation; never written to."""

    def __init__(self, databases: Mapping[str, str], mailbox: Path) -> None:
        """Read the *databases* at these URLs, by service."""
        self._engines = {
            service: create_engine(url, poolclass=NullPool) for service, url in databases.items()
        }
        self._mailbox = mailbox

    @classmethod
    def of_files(cls, var: Path) -> Self:
        """Return those of the form that is one process and its files."""
        urls = {
            service: f"sqlite:///file:{var}/{service}.sqlite3?mode=ro&uri=true&timeout=30"
            for service in ("registration", "notifications")
        }
        return cls(urls, var / "mailbox")

    def is_settled(self) -> bool:
        """Return whether nothing is left to be relayed, handled or sent."""
        # In the order of an event's way: asked the other way round, what moves on between two
        # questions would be seen by neither.
        heard = (
            "select count(*) from event where type not like '%.webinar_published.%' "
            "and type not like '%.figure_counted.%' and type not like '%.staff_acted.%'"
        )
        # Figures are told whenever they have changed: there may always be one more to come.
        unpublished = (
            "select count(*) = 0 from event "
            "where published_at is null and type not like '%.figure_counted.%'"
        )
        steps = (
            ("registration", unpublished),
            ("notifications", "select count(*) >= :heard from inbox"),
            ("notifications", "select count(*) = 0 from inbox where state = 'new'"),
            (
                "notifications",
                "select count(*) = 0 from delivery where state in ('due', 'sending')",
            ),
        )
        values = {"heard": self._one("registration", heard)}
        return all(self._one(service, question, **values) for service, question in steps)

    def capacities(self) -> dict[UUID, int]:
        """Return how many places each webinar has, by its id."""
        rows = self._rows("registration", "select id, capacity from webinar")
        return {_uuid(id): capacity for id, capacity in rows}

    def webinar(self, slug: str) -> UUID:
        """Return the id of one webinar."""
        return _uuid(
            self._one("registration", "select id from webinar where slug = :slug", slug=slug)
        )

    def webinar_versions(self) -> dict[UUID, int]:
        """Return how many events are said to have spoken of each webinar."""
        rows = self._rows("registration", "select id, subject_version from webinar")
        return {_uuid(id): version for id, version in rows}

    def places(self) -> list[tuple[UUID, UUID | None]]:
        """Return each place's webinar, and the registration that has it."""
        rows = self._rows("registration", "select webinar_id, registration_id from place")
        return [(_uuid(webinar), _uuid(holder) if holder else None) for webinar, holder in rows]

    def registrations(self) -> list[Registration]:
        """Return every registration."""
        rows = self._rows(
            "registration",
            "select id, webinar_id, address_key, email, state, subject_version from registration",
        )
        return [Registration(_uuid(id), _uuid(webinar), *rest) for id, webinar, *rest in rows]

    def events(self) -> list[Event]:
        """Return all that registration published, in the order of each subject's versions."""
        rows = self._rows(
            "registration",
            "select source, event_id, type, subject, subject_version, position, "
            "published_at is not null, data ->> 'address_key' "
            "from event cross join instance order by subject, subject_version",
        )
        return [
            Event((source, _uuid(id)), type.split(".")[1], UUID(subject), version, *rest)
            for source, id, type, subject, version, *rest in rows
        ]

    def inbox(self) -> list[tuple[tuple[str, UUID], str]]:
        """Return the key, source and id, and the state of all that came to notifications."""
        rows = self._rows("notifications", "select source, event_id, state from inbox")
        return [((source, UUID(id)), state) for source, id, state in rows]

    def standings(self) -> list[tuple[UUID, int, str]]:
        """Return how each registration stands to notifications: its id, version and state."""
        rows = self._rows("notifications", "select registration_id, version, state from standing")
        return [(_uuid(id), version, state) for id, version, state in rows]

    def permissions(self) -> list[tuple[str, UUID]]:
        """Return the key of the event behind each statement about being mailed."""
        rows = self._rows("notifications", "select source, event_id from permission_statement")
        return [(source, _uuid(id)) for source, id in rows]

    def deliveries(self) -> list[Delivery]:
        """Return every delivery."""
        rows = self._rows(
            "notifications",
            "select id, event_id, template, address_key, subject, subject_version, address, "
            "state, attempts from delivery",
        )
        return [
            Delivery(_uuid(id), (_uuid(event), template, key), _uuid(subject), *rest)
            for id, event, template, key, subject, *rest in rows
        ]

    def letters(self) -> Iterator[Letter]:
        """Yield what lies in the mailbox. Raises ValueError for a file that is no letter."""
        for path in self._mailbox.glob("[!.]*"):
            message = email.message_from_bytes(path.read_bytes(), policy=default)
            html = message.get_body(("html",))
            end = html.get_content().rstrip()[-7:] if html else ""
            yield Letter(id=UUID(path.stem), to=str(message["To"]), is_whole=end == "</html>")

    def _one(self, service: str, question: str, **values: Any) -> Any:
        return self._rows(service, question, **values)[0][0]

    def _rows(self, service: str, question: str, **values: Any) -> list[Any]:
        with self._engines[service].connect() as connection:
            return list(connection.execute(text(question), values))


def _uuid(value: object) -> UUID:
    """Return what PostgreSQL keeps as a UUID, and SQLite as text."""
    return UUID(str(value))
