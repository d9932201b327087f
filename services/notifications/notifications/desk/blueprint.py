"""What all pages of mail for staff have in common: where they are, and what they are about."""

from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from flask import Blueprint, abort, request, url_for
from sqlalchemy.orm import Session

from notifications.config import NotificationsSettings
from notifications.models import Delivery, Suppression
from shared.addresses import NotAnAddress, address_key, ascii_form
from shared.staff import record
from shared.web import settings
from shared.web.errors import answer
from shared.web.staff import current_staff
from shared.web.words import Words

desk = Blueprint("desk", __name__, url_prefix="/staff")

_LAST_PAGE = 10_000
_NO_MAIL = Words(
    title="We know of no such mail",
    meaning="It was never made here, or is so long ago that it has been forgotten.",
    remedy="Search for the person among all mails.",
)
Choice = TypeVar("Choice", bound=StrEnum)


def delivery_of(session: Session, id: UUID) -> Delivery:
    """Return the delivery; an unknown one is a page that says where to look."""
    link = {"href": url_for("desk.deliveries"), "text": "See all mails"}
    return session.get(Delivery, id) or abort(answer(404, _NO_MAIL, link=link))


def note(session: Session, action: str, about: Delivery | Suppression) -> None:
    """Record in the audit trail what is done to a delivery or suppression."""
    record(session, current_staff(), action=action, about=about_of(about))


def about_of(row: Delivery | Suppression) -> str:
    """Return what the audit trail calls it: it names nobody."""
    return f"{row.__tablename__}:{row.id}"


def key_of(typed: str) -> str | None:
    """Return the key of the address that was typed; None where it is none, but perhaps a part."""
    try:
        return address_key(settings(NotificationsSettings).address_key, ascii_form(typed))
    except NotAnAddress:
        return None


def chosen(name: str, kind: type[Choice]) -> Choice | None:
    """Return what the page's address chooses by *name*; None where it is nothing that there is."""
    asked = request.args.get(name, "")
    return kind(asked) if asked in [*kind] else None


def page_asked() -> int:
    """Return which page of a list is asked for, the first where that is not said well."""
    return min(max(request.args.get("page", 1, int), 1), _LAST_PAGE)
