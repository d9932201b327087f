"""Taking events in: stored once each, whatever happens to the sender, before anything reacts."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.contracts import Envelope, UnreadableMessage
from shared.db import database_now, insert
from shared.messaging.models import ReceivedEvent, State, Tombstone


def accept(session: Session, bodies: Sequence[bytes]) -> None:
    """Store each message that is not here yet; the key is the event's source and id.

    Bytes that cannot be read are kept as a dead letter; an event about an erased subject is
    kept as its key alone, so that it can never take effect.
    """
    moment = database_now(session)
    _store(session, [_row(body, moment) for body in bodies])


def accept_dead(session: Session, bodies: Sequence[bytes]) -> None:
    """Store, as dead letters, messages that the broker could not bring; not those stored before."""
    moment = database_now(session)
    dead = {"state": State.DEAD, "ended_at": moment, "error": "GivenUpByTheBroker"}
    _store(session, [_row(body, moment) | dead for body in bodies])


def _store(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        return
    erased = _erased(session, {row["subject"] for row in rows})
    for row in rows:
        if row["subject"] in erased:
            row |= {"state": State.DONE, "body": None, "ended_at": row["received_at"]}
    # Of the table: the model would be asked for each row's columns.
    table = ReceivedEvent.__table__
    session.execute(insert(session, table).on_conflict_do_nothing(), rows)


def _row(body: bytes, moment: datetime) -> dict[str, Any]:
    common = {"body": body, "received_at": moment, "due_at": moment}
    try:
        envelope = Envelope.from_bytes(body)
    except UnreadableMessage:
        return common | _unreadable(body, moment)
    return common | {
        "source": envelope.source,
        "event_id": str(envelope.id),
        "type": envelope.type,
        "subject": envelope.subject,
        "state": State.NEW,
        "ended_at": None,
        "error": None,
    }


def _unreadable(body: bytes, moment: datetime) -> dict[str, Any]:
    return {
        "source": "broker",
        "event_id": hashlib.sha256(body).hexdigest(),
        "type": "unreadable",
        "subject": "unknown",
        "state": State.DEAD,
        "ended_at": moment,
        "error": "UnreadableMessage",
    }


def _erased(session: Session, subjects: set[str]) -> set[str]:
    return set(session.scalars(select(Tombstone.subject).where(Tombstone.subject.in_(subjects))))
