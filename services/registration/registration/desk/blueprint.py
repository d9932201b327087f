"""What all pages for staff have in common: where they are, and how they find their webinar."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from registration import queries
from registration.models import Registration, Webinar
from shared.staff import record
from shared.web.errors import answer
from shared.web.staff import current_staff
from shared.web.words import Words

desk = Blueprint("desk", __name__, url_prefix="/staff/webinars")

_OVERTAKEN = Words(
    title="Somebody else has changed this webinar",
    meaning="It was changed since you opened the page, so nothing has been done.",
    remedy="Look at the webinar as it is now, then decide again.",
)


def webinar_of(database: Session, id: UUID, *, lock: bool = False) -> Webinar:
    """Return the webinar, locked for a change if asked; an unknown one is a page not found."""
    # People who register refer to the row meanwhile: they are not held up.
    locked: Any = {"key_share": True} if lock else None
    return database.get(Webinar, id, with_for_update=locked) or abort(404)


def registration_of(
    database: Session, webinar_id: UUID, id: UUID, *, lock: bool = False
) -> Registration:
    """Return a registration for the webinar, locked if asked; another's is a page not found."""
    found = queries.registration(database, id, lock=lock)
    if found is None or found.webinar_id != webinar_id:
        abort(404)
    return found


def version_in(form: Mapping[str, str]) -> int:
    """Return the version that whoever sent *form* has looked at; 0, which is none, where unsaid."""
    stated = form.get("version", "")
    return int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 10 else 0


def note(database: Session, action: str, about: Webinar | Registration) -> None:
    """Record in the audit trail what is done to a webinar or registration."""
    subject = f"{about.__tablename__}:{about.id}"
    record(database, current_staff(), action=action, about=subject)


def overtaken(id: UUID) -> Response:
    """Return the page for who acted on what is no longer so."""
    return refused(409, _OVERTAKEN, id)


def refused(status: int, said: Words, id: UUID) -> Response:
    """Return the page that says why nothing was done with a webinar."""
    link = {"href": url_for("desk.overview", id=id), "text": "Go to the webinar"}
    return answer(status, said, link=link)
