"""What the pages about the system have in common: where they are, and what they are about."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Flask, abort, current_app
from sqlalchemy.orm import Session

from shared.messaging import dead
from shared.messaging.dead import Which
from shared.messaging.models import ReceivedEvent
from shared.web.system.own import Own
from shared.web.system.words import event_in_words, events

system = Blueprint("system", __name__)

_EXTENSION = "own_system"
_LARGEST = 2**63  # no id is
_SERVICES = ("membership", "notifications", "registration")


@system.context_processor
def _names() -> dict[str, Any]:
    return {"service": current_app.name, "services": _SERVICES}


system.add_app_template_filter(event_in_words)
system.add_app_template_filter(events)


def install_own(app: Flask, own: Own) -> None:
    """Let the pages of *app* find what it says of itself."""
    app.extensions[_EXTENSION] = own


def own() -> Own:
    """Return what the service says of itself."""
    stated: Own = current_app.extensions[_EXTENSION]
    return stated


def which(stated: Mapping[str, str]) -> Which:
    """Return the dead letters that an address or a form names; another is a page not found."""
    id, until = stated.get("id"), stated.get("until")
    try:
        return Which(
            id=_id(id) if id else None,
            type=stated.get("type") or None,
            error=stated.get("error") or None,
            until=datetime.fromisoformat(until).astimezone(UTC) if until else None,
        )
    except (OverflowError, ValueError):
        abort(404)


def letter_of(session: Session, id: int) -> ReceivedEvent:
    """Return a dead or discarded letter; another is a page not found."""
    return (dead.letter(session, id) if id < _LARGEST else None) or abort(404)


def _id(text: str) -> int:
    """Return the id that *text* is. Raises ValueError."""
    id = int(text)
    if not 0 < id < _LARGEST:
        raise ValueError(text)
    return id
