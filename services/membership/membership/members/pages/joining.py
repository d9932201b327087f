"""The way in: a form for anybody, and a button behind the link that is mailed."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from membership.config import MembershipSettings
from membership.members import commands, presenters, queries
from membership.members.models import Member, MemberState
from membership.members.pages.counting import count
from membership.members.schemas import JoinSchema, agreed, answers_schema
from shared.addresses import address_key, probably_meant
from shared.links import Purpose
from shared.web import links, reading, settings, transaction
from shared.web.errors import answer
from shared.web.forms import load
from shared.web.sealed import seal, unseal
from shared.web.words import Words

joining = Blueprint("joining", __name__)

_RECEIPT_KEPT = 30 * 60  # seconds
_NOT_A_PERSON = "Leave this box empty, then send the form again"
_REPLACED = Words(
    title="This link no longer works",
    meaning="It is older than 7 days, or a newer one has replaced it.",
    remedy="Look for a newer email from us, or join again.",
)
_JOIN_AGAIN = {"href": "/join", "text": "Join us"}
_ANSWERS = (
    "name",
    "backgrounds",
    "locality",
    "interests",
    "reach",
    "phone",
    "post",
    "access_needs",
)


@joining.get("/join")
def form() -> str:
    """Show the form, empty."""
    return _form({}, {})


@joining.post("/join")
def send_form() -> Response | tuple[str, int]:
    """Take what somebody typed; show it again where something is wrong."""
    with reading() as database:
        schema = answers_schema(queries.offered(database), JoinSchema)
    values, errors = load(schema, request.form)
    if values.get("website") and not errors:
        errors = {"website": _NOT_A_PERSON}
    if errors:
        return _form(values, errors), 422
    with transaction("join") as database:
        commands.join(database, _admit(database, values))
    receipt = {"name": values["name"], "email": values["email"]}
    session["receipt"] = seal(receipt, _RECEIPT_KEPT)
    return redirect(url_for(".receipt"), 303)


@joining.get("/join/received")
def receipt() -> str:
    """Say what happens next, the same to everybody, and show where the mail goes."""
    kept = unseal(session["receipt"]) if "receipt" in session else None
    return render_template(
        "membership/received.html",
        values=kept,
        meant=probably_meant(kept["email"]) if kept else None,
    )


@joining.get("/join/<token>")
def ask(token: str) -> str:
    """Show what was typed, and ask whether it is right: looking alone makes nobody a member."""
    with reading() as database:
        member = _applied(database, token)
        pending = member.pending
        shown = pending and presenters.answers(
            pending["answers"], member.email, queries.every_choice(database)
        )
    return render_template("membership/prove.html", pending=pending, answers=shown)


@joining.post("/join/<token>")
def prove(token: str) -> Response:
    """Make somebody a member, who has shown by this link that the address is theirs."""
    with transaction("prove") as database:
        member = _applied(database, token, lock=True)
        was_pending = member.pending is not None
        commands.prove(database, member)
        own = links().token(Purpose.MEMBER, member.id, member.link_generation)
    if not was_pending:
        return redirect(url_for(".ask", token=token), 303)
    return redirect(url_for("own.show", token=own, changed="joined"), 303)


def _form(values: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    with reading() as database:
        choices = presenters.choices(queries.offered(database), values)
    return render_template(
        "membership/join.html",
        values=values,
        errors=errors,
        choices=choices,
        boxes=presenters.boxes(values),
    )


def _admit(database: Session, values: Mapping[str, Any]) -> commands.Applicant:
    """Return who sent the form, now counted. Raises TooManyRequests."""
    stated = settings(MembershipSettings)
    applicant = commands.Applicant(
        email=values["email"],
        address_key=address_key(stated.address_key, values["email"]),
        answers={name: values[name] for name in _ANSWERS},
        agreed=agreed(values),
    )
    count(database, "joins", applicant.address_key)
    return applicant


def _applied(database: Session, token: str, *, lock: bool = False) -> Member:
    link = links().read(token, Purpose.JOINING)
    member = queries.member(database, link.id, lock=lock)
    if member is None or member.state == MemberState.ERASED:
        abort(answer(410, _REPLACED, link=_JOIN_AGAIN))
    if link.generation < member.pending_generation:
        abort(answer(410, _REPLACED, link=_JOIN_AGAIN))
    return member
