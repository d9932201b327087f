"""Mail, and what hands it over to be delivered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from shared.outages import Outage


@dataclass(frozen=True, kw_only=True, eq=False)
class Wording:
    """What is written in a mail, or, where it goes to many, in all of theirs."""

    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A mail, ready to go. `id` is its delivery's: the same at each try.

    *substitutions* say what stands in this mail where the wording, which many mails may share,
    has one of their keys. A key stands either in the HTML, then its value is escaped already, or
    in text and subject.
    """

    id: UUID
    category: str
    sender_name: str
    sender_address: str
    address: str = field(repr=False)
    wording: Wording
    substitutions: Mapping[str, str] = field(repr=False, default_factory=dict)
    headers: Mapping[str, str] = field(repr=False)
    written_at: datetime

    @property
    def subject(self) -> str:
        """Return the subject as this person is to read it."""
        return self._filled(self.wording.subject)

    @property
    def text(self) -> str:
        """Return the text as this person is to read it."""
        return self._filled(self.wording.text)

    @property
    def html(self) -> str:
        """Return the page as this person is to read it."""
        return self._filled(self.wording.html)

    def _filled(self, words: str) -> str:
        for key, value in self.substitutions.items():
            words = words.replace(key, value)
        return words


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


@dataclass(frozen=True)
class Refused:
    """It was not taken, and no other will be until an operator has done what *remedy* says."""

    remedy: str


Outcome = Accepted | Rejected | Later | Unknown | Refused


class MailerStopped(Outage):
    """The provider refuses us altogether; the message says what an operator is to do."""


class Mailer(Protocol):
    """Hands mails over to be delivered."""

    @property
    def idempotent(self) -> bool:
        """Return whether handing over a mail of the same id again makes no second mail."""

    def send(self, mails: Sequence[Mail]) -> Sequence[Outcome]:
        """Return what became of each of *mails*, in order.

        Raises anything when nobody can tell; never call it with a transaction open.
        """
