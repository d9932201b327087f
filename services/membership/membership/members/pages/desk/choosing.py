"""What people choose from when they join: where they live, what interests and brings them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from flask import abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from membership.members import choices, queries, roll
from membership.members.models import ChoiceKind
from membership.members.pages.desk.blueprint import desk, note
from membership.members.schemas import ChoiceSchema
from shared.slugs import NoSlug
from shared.web import reading, transaction
from shared.web.forms import load
from shared.web.staff import Role, require

_KNOWN = {"label": "This is on the list already. If it is no longer offered, bring it back"}
_PLACE = re.compile("[0-9]{1,4}")
_NO_CODE = {"label": "The words need some letters from a to z, or digits, for their code"}


@desk.get("/choices")
@require(Role.EDITOR)
def all_choices() -> str:
    """Show what is offered and what no longer, and how many members chose each."""
    with reading() as session:
        everything = queries.every_choice(session)
        return render_template(
            "membership/desk/choices.html",
            kinds={
                kind: [choice for choice in everything if choice.kind == kind]
                for kind in ChoiceKind
            },
            numbers=roll.by_choice(session),
        )


@desk.get("/choices/<kind>")
@require(Role.EDITOR)
def new_choice(kind: str) -> str:
    """Show the form that adds a choice, empty."""
    return _form(_kind(kind), None, {}, {})


@desk.post("/choices/<kind>")
@require(Role.EDITOR)
def add_choice(kind: str) -> Response | tuple[str, int]:
    """Offer one more choice."""
    values, errors = load(ChoiceSchema(), request.form)
    if errors:
        return _form(_kind(kind), None, values, errors), 422
    try:
        with transaction("choice_added") as database:
            code = choices.add(database, _kind(kind), values["label"])
            note(database, "choice_added", f"{kind}:{code}")
    except choices.Known:
        return _form(_kind(kind), None, values, _KNOWN), 422
    except NoSlug:
        return _form(_kind(kind), None, values, _NO_CODE), 422
    return _seen()


@desk.get("/choices/<kind>/<code>")
@require(Role.EDITOR)
def choice_form(kind: str, code: str) -> str:
    """Show the form that renames a choice, with the words it has now."""
    with reading() as session:
        everything = queries.every_choice(session)
    found = [row for row in everything if (row.kind, row.code) == (kind, code)]
    return _form(_kind(kind), code, {"label": found[0].label} if found else abort(404), {})


@desk.post("/choices/<kind>/<code>")
@require(Role.EDITOR)
def rename_choice(kind: str, code: str) -> Response | tuple[str, int]:
    """Call a choice otherwise."""
    values, errors = load(ChoiceSchema(), request.form)
    if errors:
        return _form(_kind(kind), code, values, errors), 422
    try:
        with _change("choice_renamed", kind, code) as database:
            choices.rename(database, _kind(kind), code, values["label"])
    except choices.Known:
        return _form(_kind(kind), code, values, _KNOWN), 422
    return _seen()


@desk.post("/choices/<kind>/<code>/arrange")
@require(Role.EDITOR)
def arrange_choice(kind: str, code: str) -> Response:
    """Offer a choice no longer, or again, or at another place of its list."""
    do, _, place = request.form.get("do", "").partition("-")
    if do == "move" and _PLACE.fullmatch(place):
        with _change("choice_moved", kind, code) as database:
            choices.move(database, _kind(kind), code, int(place))
    elif do == "retire":
        with _change("choice_retired", kind, code) as database:
            choices.retire(database, _kind(kind), code)
    elif do == "offer":
        with _change("choice_offered_again", kind, code) as database:
            choices.bring_back(database, _kind(kind), code)
    else:
        abort(422)
    return _seen()


@contextmanager
def _change(action: str, kind: str, code: str) -> Iterator[Session]:
    """Yield a transaction in which *action* is done to a choice, and recorded."""
    try:
        with transaction("choice_change") as database:
            yield database
            note(database, action, f"{kind}:{code}")
    except choices.NoSuchChoice:
        abort(404)


def _kind(text: str) -> ChoiceKind:
    return ChoiceKind(text) if text in [*ChoiceKind] else abort(404)


def _form(
    kind: ChoiceKind, code: str | None, values: dict[str, str], errors: dict[str, str]
) -> str:
    return render_template(
        "membership/desk/choice_form.html", kind=kind, code=code, values=values, errors=errors
    )


def _seen() -> Response:
    return redirect(url_for(".all_choices"), 303)
