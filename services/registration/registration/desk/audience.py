"""Who will be told of a change, and in what words: those of the mails in notifications.

A contract test holds the words here to the mails that are sent.
"""

from typing import NamedTuple

from sqlalchemy.orm import Session

from registration import statistics
from registration.details import WebinarDetails
from registration.models import RegistrationState, Webinar
from shared.clock import span_in_words

_PLACE = (
    "You still have your place. When it starts, use this{new} link to join from a phone, "
    "tablet or computer:"
)
_WAITING = (
    "You are still on the waiting list. You do not have a place yet, and you do not need to do "
    "anything now."
)


class Letter(NamedTuple):
    """A mail that is about to be sent: to how many, called what, saying what."""

    people: int
    who: str
    subject: str
    words: list[str]


def of_change(
    session: Session, webinar: Webinar, before: WebinarDetails, after: WebinarDetails
) -> list[Letter]:
    """Return the mails by which people hear of the change, none for what concerns nobody."""
    counts = statistics.standings(session, webinar)
    placed = counts[RegistrationState.CONFIRMED]
    waiting = counts[RegistrationState.WAITLISTED]
    is_new_link = before.joining_link != after.joining_link
    head = _head(before, after)
    letters: list[Letter] = []
    if placed and (head or is_new_link):
        told = head or _moved(after)
        words = [_PLACE.format(new=" new" if is_new_link else ""), after.joining_link]
        subject = f"{'New time' if head else 'New joining link'}: {after.title}"
        letters.append(Letter(placed, "with a place", subject, [*told, *words]))
    if waiting and head:
        subject = f"New time: {after.title}"
        letters.append(Letter(waiting, "on the waiting list", subject, [*head, _WAITING]))
    return letters


def of_cancellation(session: Session, webinar: Webinar) -> Letter:
    """Return the mail by which people hear that *webinar* will not take place."""
    counts = statistics.standings(session, webinar)
    people = counts[RegistrationState.CONFIRMED] + counts[RegistrationState.WAITLISTED]
    words = [
        "We are sorry: this webinar has been cancelled. It will not take place:",
        webinar.title,
        f"{span_in_words(webinar.starts_at, webinar.ends_at)} (UK time)",
    ]
    return Letter(people, "registered or waiting", f"Cancelled: {webinar.title}", words)


def _head(before: WebinarDetails, after: WebinarDetails) -> list[str]:
    old, new = (span_in_words(d.starts_at, d.ends_at) for d in (before, after))
    if old == new:
        return []
    changed = "The time of this webinar has changed:"
    return [changed, after.title, f"Before: {old} (UK time)", f"Now: {new} (UK time)"]


def _moved(after: WebinarDetails) -> list[str]:
    moved = "There is a new link to join this webinar. The old link does not work any more:"
    return [moved, after.title, f"{span_in_words(after.starts_at, after.ends_at)} (UK time)"]
