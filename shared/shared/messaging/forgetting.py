"""Personal data does not outlive its use: old bodies are blanked, erased subjects at once."""

from datetime import timedelta

from sqlalchemy import Update, delete, null, update
from sqlalchemy.orm import Session

from shared.contracts import Visibility
from shared.db import database_now
from shared.messaging.models import ReceivedEvent, State, StoredEvent, Tombstone

KEEP_HANDLED = timedelta(days=7)
KEEP_PUBLISHED = timedelta(days=30)
KEEP_DEAD = timedelta(days=90)
KEEP_KEYS = timedelta(days=400)  # longer than anything can be replayed: else it acts twice


def blank_old_bodies(session: Session) -> None:
    """Blank what has served its use; ids and keys stay, so that a replay is still known."""
    moment = database_now(session)
    ended = ReceivedEvent.ended_at
    handled = ReceivedEvent.state.in_((State.DONE, State.DISCARDED))
    session.execute(_blank_received().where(handled, ended < moment - KEEP_HANDLED))
    session.execute(
        _blank_received().where(ReceivedEvent.state == State.DEAD, ended < moment - KEEP_DEAD)
    )
    session.execute(
        update(StoredEvent)
        .where(StoredEvent.visibility == Visibility.INTERNAL)
        .where(StoredEvent.data.is_not(None), StoredEvent.published_at < moment - KEEP_PUBLISHED)
        .values(data=null())
    )
    session.execute(
        delete(ReceivedEvent).where(ReceivedEvent.state != State.NEW, ended < moment - KEEP_KEYS)
    )


def erase(session: Session, subject: str) -> None:
    """Blank every event about *subject*, and make any that comes later change nothing."""
    moment = database_now(session)
    session.execute(update(StoredEvent).where(StoredEvent.subject == subject).values(data=null()))
    session.execute(
        update(ReceivedEvent)
        .where(ReceivedEvent.subject == subject)
        .values(body=None, state=State.DONE, ended_at=moment)
    )
    session.merge(Tombstone(subject=subject, erased_at=moment))


def _blank_received() -> Update:
    return update(ReceivedEvent).where(ReceivedEvent.body.is_not(None)).values(body=None)
