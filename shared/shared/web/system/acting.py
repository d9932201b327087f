"""Retrying or discarding dead letters, after a look at how many and which."""

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response

from shared.messaging import dead
from shared.messaging.dead import Group, Which
from shared.staff import Role, record
from shared.web.forms import Text, load
from shared.web.house import reading, transaction
from shared.web.staff import current_staff, require
from shared.web.system.blueprint import system, which
from shared.web.system.words import events

Page = Response | str | tuple[str, int]


class ReasonSchema(Schema):
    """Why dead letters are discarded: kept with them, so of nobody in particular."""

    reason = Text(500, label="The reason", enter="Enter the reason")


@system.get("/retry")
@require(Role.ADMINISTRATOR)
def ask_to_retry() -> str:
    """Ask before dead letters are handled again: one, a group, or all."""
    return _question("retry.html", which(request.args))


@system.post("/retry")
@require(Role.ADMINISTRATOR)
def retry() -> Response:
    """Have the dead letters that were shown handled again."""
    asked = which(request.form)
    with transaction("retry") as session:
        number = dead.retry(session, asked)
        if number:
            about = _about(asked, number)
            record(session, current_staff(), action="dead_letters_retried", about=about)
    return _done(number, "tried again now")


@system.get("/discard")
@require(Role.ADMINISTRATOR)
def ask_to_discard() -> str:
    """Ask for the reason before dead letters are discarded: one or a group."""
    return _question("discard.html", _some(which(request.args)))


@system.post("/discard")
@require(Role.ADMINISTRATOR)
def discard() -> Page:
    """Give up the dead letters that were shown; show the form again where no reason is given."""
    asked = _some(which(request.form))
    values, errors = load(ReasonSchema(), request.form)
    if errors:
        return _question("discard.html", asked, values, errors), 422
    with transaction("discard") as session:
        number = dead.discard(session, asked, reason=values["reason"])
        if number:
            about = _about(asked, number)
            record(session, current_staff(), action="dead_letters_discarded", about=about)
    return _done(number, "discarded")


def _question(
    template: str,
    asked: Which,
    values: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
) -> str:
    with reading() as session:
        groups = dead.groups(session, asked)
    return render_template(
        f"shared/system/{template}",
        groups=groups,
        number=sum(group.count for group in groups),
        hopeless=_hopeless(groups),
        asked=asked,
        until=max((group.last for group in groups), default=None),
        values=values or {},
        errors=errors or {},
    )


def _some(asked: Which) -> Which:
    """Return *asked* unless that is all: nobody gives up all at once."""
    return asked if asked.id or (asked.type and asked.error) else abort(404)


def _hopeless(groups: Sequence[Group]) -> int:
    """Return how many of them nothing can be done about: they cannot be read, or are blank."""
    return sum(
        group.count if group.error.startswith("UnreadableMessage") else group.blank
        for group in groups
    )


def _about(asked: Which, number: int) -> str:
    if asked.id:
        return f"dead_letter:{asked.id}"
    return f"dead_letters:{number} of {asked.type}" if asked.type else f"dead_letters:{number}"


def _done(number: int, what: str) -> Response:
    is_are = "is" if number == 1 else "are"
    flash(f"{events(number)} {is_are} {what}." if number else "There was nothing left to do.")
    return redirect(url_for(".overview"), 303)
