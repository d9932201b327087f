"""How a service stands, in plain words: what waits, for how long, and why."""

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from shared.clock import in_words
from shared.messaging import measures, troubles
from shared.messaging.models import ReceivedEvent, StoredEvent
from shared.web.system.own import Own
from shared.web.system.words import PARTS, UNKNOWN_PART, event_in_words, length_in_words

LATE = 60  # seconds: what waits for less is about to be done
_TROUBLE = (
    "{what} Why: “{reason}” It is tried again every ten seconds, and has not worked since {since}."
)
_UNPUBLISHED = "“{event}” has waited for {length} to be passed on."
_REFUSED = " No part of the system takes it: has `topology` been run for all of them?"
_WAITING = "“{event}” has waited for {length} to be acted on."
_FAILED = (
    " It was tried {tries} and did not work ({error}). It is tried again by itself, next on {due}."
)
_UNEXPLAINED = (
    "Nothing says why. Most likely the program that works in the background, {service} worker, is "
    "not running."
)


def standing(session: Session, service: str, own: Own) -> list[str]:
    """Return what is amiss, in sentences; nothing where all is well."""
    troubled = list(_troubles(session, own))
    late = list(_late(session, service))
    said = [*troubled, *(_said(session, event) for event in late), *own.concerns(session)]
    if not (troubled or all(map(_is_explained, late))):
        said.append(_UNEXPLAINED.format(service=service))
    return said


def _troubles(session: Session, own: Own) -> Iterator[str]:
    parts = {**PARTS, **own.parts}
    for trouble in troubles.standing(session):
        part = trouble.loop.rpartition(".")[2]
        what = parts.get(part, UNKNOWN_PART.format(part=part))
        yield _TROUBLE.format(what=what, reason=trouble.reason, since=in_words(trouble.since))


def _late(session: Session, service: str) -> Iterator[StoredEvent | ReceivedEvent]:
    waiting: Sequence[StoredEvent | ReceivedEvent | None] = [
        measures.oldest_unpublished(session),
        *(measures.oldest_waiting(session, type) for type in measures.handled_by(service)),
    ]
    for event in waiting:
        if event and measures.waited(session, event) >= LATE:
            yield event


def _is_explained(event: StoredEvent | ReceivedEvent) -> bool:
    tries = event.refusals if isinstance(event, StoredEvent) else event.attempts
    return tries > 0


def _said(session: Session, event: StoredEvent | ReceivedEvent) -> str:
    length = length_in_words(measures.waited(session, event))
    stated = {"event": event_in_words(event.type), "length": length}
    if isinstance(event, StoredEvent):
        return _UNPUBLISHED.format(**stated) + (_REFUSED if event.refusals else "")
    if not event.attempts:
        return _WAITING.format(**stated)
    tries = "once" if event.attempts == 1 else f"{event.attempts} times"
    failed = _FAILED.format(tries=tries, error=event.error, due=in_words(event.due_at))
    return _WAITING.format(**stated) + failed
