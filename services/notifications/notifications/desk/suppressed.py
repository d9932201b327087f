"""/staff/suppressions: which addresses are not written to, and lifting that for a reason."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from marshmallow import Schema
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from notifications import suppressions
from notifications.desk import words
from notifications.desk.blueprint import chosen, desk, key_of, note, page_asked
from notifications.models import Suppression, SuppressionReason
from shared.staff import Role
from shared.web import reading, transaction
from shared.web.errors import answer
from shared.web.forms import Text, load
from shared.web.staff import require
from shared.web.words import Words

_NONE = Words(
    title="We know of no such entry",
    meaning="This address was never on the list, or the link to it is not complete.",
    remedy="Search for the address in the list.",
)
_LIFTED = Words(
    title="This address is off the list already",
    meaning="Somebody has taken it off since you opened the page. Nothing has been done.",
    remedy="Look at the entry: it says when, and why.",
)


class SearchSchema(Schema):
    """Which address: sent in the body, since the addresses of pages stay in histories."""

    address = Text(254, label="What you search for", enter="Enter an email address or part of it")


class BecauseSchema(Schema):
    """Why somebody may be written to again."""

    because = Text(
        500, label="The reason", enter="Enter why they may be written to again", multiline=True
    )


@desk.get("/suppressions")
@require(Role.EDITOR)
def suppressed() -> str:
    """Show the addresses that are not written to, or those that are again."""
    reason, page, is_lifted = chosen("reason", SuppressionReason), page_asked(), _is_lifted()
    with reading() as session:
        found = suppressions.newest(session, reason, is_lifted=is_lifted, page=page)
        counts = suppressions.counts(session)
    return _list(found, counts=counts, reason=reason, is_lifted=is_lifted, page=page)


@desk.post("/suppressions")
@require(Role.EDITOR)
def search_suppressions() -> str | tuple[str, int]:
    """Show what barred the address that is typed, or those of which it is a part."""
    values, errors = load(SearchSchema(), request.form)
    if errors:
        return _list((), values=values, errors=errors), 422
    key = key_of(values["address"])
    with reading() as session:
        whole = suppressions.every(session, key) if key else ()
        found = whole or suppressions.addressed(session, values["address"])
    return _list(found, values=values)


@desk.get("/suppressions/<uuid:id>")
@require(Role.EDITOR)
def suppression(id: UUID) -> str:
    """Show why an address is not written to, and ask before that is lifted."""
    return _one(id, {}, {})


@desk.post("/suppressions/<uuid:id>")
@require(Role.EDITOR)
def lift(id: UUID) -> Response | tuple[str, int]:
    """Let the address be written to again, for the reason that is given."""
    values, errors = load(BecauseSchema(), request.form)
    if errors:
        return _one(id, values, errors), 422
    try:
        with transaction("desk.lift") as session:
            found = _of(session, id, lock=True)
            suppressions.lift(session, found, because=values["because"])
            note(session, "suppression_lifted", found)
    except suppressions.NotHolding:
        link = {"href": url_for("desk.suppression", id=id), "text": "See the entry"}
        return answer(409, _LIFTED, link=link)
    return redirect(url_for(".suppression", id=id), 303)


def _one(id: UUID, values: dict[str, str], errors: dict[str, str]) -> str:
    with reading() as session:
        found = _of(session, id)
        others = [row for row in suppressions.every(session, found.address_key) if row.id != id]
    return render_template(
        "notifications/desk/suppression.html",
        suppression=found,
        others=others,
        suppressed=words.SUPPRESSED,
        values=values,
        errors=errors,
    )


def _list(found: Sequence[Suppression], **shown: Any) -> str:
    usual: dict[str, Any] = {
        "counts": None,
        "reason": None,
        "is_lifted": False,
        "page": 1,
        "values": {},
        "errors": {},
    }
    return render_template(
        "notifications/desk/suppressions.html",
        found=found[: suppressions.PAGE],
        more=len(found) > suppressions.PAGE,
        suppressed=words.SUPPRESSED,
        **usual | shown,
    )


def _is_lifted() -> bool:
    return request.args.get("lifted") == "yes"


def _of(session: Session, id: UUID, *, lock: bool = False) -> Suppression:
    link = {"href": url_for("desk.suppressed"), "text": "See the list"}
    found = session.get(Suppression, id, with_for_update=lock)
    return found or abort(answer(404, _NONE, link=link))
