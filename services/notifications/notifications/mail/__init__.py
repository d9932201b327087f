"""Mail, and what hands it over to be delivered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A mail, written and ready to go. `id` is its delivery's: the same at each try."""

    id: UUID
    sender_name: str
    sender_address: str
    address: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)
    headers: Mapping[str, str]
    written_at: datetime


@dataclass(frozen=True)
class Accepted:
    """The provider has it, durably."""


@dataclass(frozen=True)
class Rejected:
    """It will never be taken as it is. *reason* is for staff, and stays in the database."""

    reason: str


@dataclass(frozen=True)
class Later:
    """It was certainly not taken now: try again, but not before *seconds* have passed."""

    seconds: float = 0.0


@dataclass(frozen=True)
class Unknown:
    """It may have been taken, and there is no way to tell."""


Outcome = Accepted | Rejected | Later | Unknown


class Mailer(Protocol):
    """Hands mails over to be delivered."""

    @property
    def idempotent(self) -> bool:
        """Return whether handing over a mail of the same id again makes no second mail."""

    def send(self, mails: Sequence[Mail]) -> Sequence[Outcome]:
        """Return what became of each of *mails*, in order.

        Raises anything when nobody can tell; never call it with a transaction open.
        """
