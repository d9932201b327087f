"""What people decide about our mail on their own page, and what the page shows of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from notifications.models import Purpose, Recipient, SuppressionReason
from notifications.permissions import give, permitted, withdraw
from notifications.suppressions import holding, suppress
from shared.db import now

WORDING = "Email me about future webinars"
STOP_WORDING = "Stop these emails"
EVERYTHING_OFF = "Turn all of these emails off"


class Break(StrEnum):
    """For how many days somebody wants to hear nothing; nobody asks why."""

    NONE = "0"
    MONTH = "30"
    QUARTER = "90"
    HALF_YEAR = "180"


@dataclass(frozen=True, kw_only=True)
class Preferences:
    """How somebody stands with our mail."""

    invited: bool
    paused_until: datetime | None
    # An address that mail comes back from: only we can mend that, so the page says to write to us.
    unreachable: bool


def preferences(session: Session, recipient: Recipient) -> Preferences:
    """Return how *recipient* stands."""
    reasons = {suppression.reason for suppression in holding(session, recipient.address_key)}
    given = permitted(session, [recipient.address_key], Purpose.WEBINAR_INVITATIONS)
    paused = recipient.paused_until
    return Preferences(
        invited=bool(given) and SuppressionReason.UNSUBSCRIBED not in reasons,
        paused_until=paused if paused and paused > now(session) else None,
        unreachable=bool(reasons - {SuppressionReason.UNSUBSCRIBED}),
    )


def choose(session: Session, recipient: Recipient, *, invited: bool, rest: Break | None) -> None:
    """Do what somebody has chosen; no *rest* leaves a break as it is. *recipient* is locked."""
    if invited:
        give(session, recipient, Purpose.WEBINAR_INVITATIONS, wording=WORDING)
    else:
        stop(session, recipient)
    if rest is not None:
        days = timedelta(days=int(rest))
        recipient.paused_until = now(session) + days if days else None


def stop(session: Session, recipient: Recipient) -> None:
    """Send no more invitations, from this moment on. *recipient* is locked."""
    withdraw(session, recipient, Purpose.WEBINAR_INVITATIONS, wording=STOP_WORDING)


def turn_everything_off(session: Session, recipient: Recipient) -> None:
    """Send nothing that somebody does not ask for themselves. *recipient* is locked."""
    stop(session, recipient)
    suppress(
        session,
        recipient.address_key,
        SuppressionReason.UNSUBSCRIBED,
        evidence=f"own link: {EVERYTHING_OFF}",
    )


def recipient_by_id(session: Session, id: object, *, lock: bool) -> Recipient | None:
    """Return the recipient with this id, locked for a change if asked."""
    found = select(Recipient).where(Recipient.id == id)
    return session.scalar(found.with_for_update() if lock else found)
