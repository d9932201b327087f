"""A member's own page: see, change, agree or no longer, take away, leave, be forgotten."""

import json
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, session, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from membership.members import addresses, commands, consents, erasing, presenters, queries
from membership.members.models import Member, MemberState
from membership.members.schemas import answers_schema
from membership.members.wordings import WORDINGS, ConsentPurpose
from shared.addresses import probably_meant
from shared.links import Purpose
from shared.web import links, reading, transaction
from shared.web.errors import answer
from shared.web.forms import load
from shared.web.words import Words

own = Blueprint("own", __name__)

_REPLACED = Words(
    title="This link no longer works",
    meaning="What it belonged to has been deleted, or a newer link has replaced it.",
    remedy="Look for a newer email from us, or email us and we will help.",
)
_NOT_A_MEMBER = Words(
    title="You are not a member at present",
    meaning="So there is nothing to change here.",
    remedy="You can join again at any time.",
)
_ON_OWN_PAGE = "said so on the own page"


@own.get("/members/<token>")
def show(token: str) -> str:
    """Show what we hold of a member."""
    return _page("own.html", token)


@own.get("/members/<token>/details")
def form(token: str) -> str:
    """Show what was told, to be changed."""
    with reading() as database:
        member = member_behind(database, token, joined=True)
        values = presenters.typed(member)
    return _form(token, values, {})


@own.post("/members/<token>/details")
def change(token: str) -> AnyResponse | tuple[str, int]:
    """Keep what was changed."""
    with reading() as database:
        member_behind(database, token, joined=True)
        schema = answers_schema(queries.offered(database))
    values, errors = load(schema, request.form)
    if errors:
        return _form(token, values, errors), 422
    with transaction("details") as database:
        commands.change(database, member_behind(database, token, lock=True), values)
    return _seen(token, "details")


@own.get("/members/<token>/consents/<purpose>")
def ask_consent(token: str, purpose: str) -> str:
    """Show the words of one thing to agree to, and ask."""
    return _page(
        "consent.html", token, purpose=_purpose(purpose), wording=WORDINGS[_purpose(purpose)]
    )


@own.post("/members/<token>/consents/<purpose>")
def answer_consent(token: str, purpose: str) -> AnyResponse:
    """Note what somebody agrees to, or no longer. Any answer but yes to today's words is no."""
    asked = _purpose(purpose)
    shown = WORDINGS[asked]
    with transaction("consent") as database:
        member = member_behind(database, token, lock=True, joined=True)
        if request.form.get("answer") == str(shown.version):
            consents.give(database, member, asked, shown=shown, how=_ON_OWN_PAGE)
        elif asked != ConsentPurpose.RECORD:  # without that one nobody is a member: see leaving
            consents.withdraw(database, member, asked, how=_ON_OWN_PAGE)
    return _seen(token, "consent")


@own.get("/members/<token>/copy")
def copy(token: str) -> str:
    """Show all that is held, to be read or printed."""
    return _page("copy.html", token)


@own.get("/members/<token>/copy.json")
def download(token: str) -> Response:
    """Return all that is held, for other programs."""
    with reading() as database:
        held = queries.everything(database, member_behind(database, token))
    text = json.dumps(held, indent=2, ensure_ascii=False)
    disposition = {"Content-Disposition": 'attachment; filename="what-we-hold.json"'}
    return Response(text, headers=disposition, content_type="application/json")


@own.get("/members/<token>/leave")
def ask_to_leave(token: str) -> str:
    """Ask before a membership ends."""
    return _page("leave.html", token)


@own.post("/members/<token>/leave")
def leave(token: str) -> AnyResponse:
    """End a membership."""
    with transaction("leave") as database:
        commands.leave(database, member_behind(database, token, lock=True))
    return _seen(token, "left")


@own.get("/members/<token>/erase")
def ask_to_erase(token: str) -> str:
    """Ask before all that is held of somebody is deleted."""
    return _page("erase.html", token)


@own.post("/members/<token>/erase")
def erase(token: str) -> AnyResponse:
    """Delete all that is held of somebody, here and in every service."""
    with transaction("erase") as database:
        erasing.erase(database, member_behind(database, token, lock=True))
    session.clear()
    return redirect(url_for(".erased"), 303)


@own.get("/members/erased")
def erased() -> str:
    """Say that somebody is forgotten, and what that means."""
    return render_template("membership/erased.html")


def _page(template: str, token: str, **values: Any) -> str:
    with reading() as database:
        member = member_behind(database, token)
        held = presenters.typed(member)
        standing = consents.standing(database, member.id)
        asked = addresses.asked(database, member.id)
        return render_template(
            f"membership/{template}",
            token=token,
            member=member,
            is_member=member.state == MemberState.JOINED,
            answers=presenters.answers(held, member.email, member.choices),
            groups=presenters.groups(member),
            consents=presenters.consents(standing),
            said=consents.statements(database, member.id),
            asked=asked,
            meant=probably_meant(asked.email) if asked and asked.email else None,
            **values,
        )


def _form(token: str, values: dict[str, Any], errors: dict[str, str]) -> str:
    with reading() as database:
        choices = presenters.choices(queries.offered(database), values)
    return render_template(
        "membership/details.html", token=token, values=values, errors=errors, choices=choices
    )


def _purpose(text: str) -> ConsentPurpose:
    try:
        return ConsentPurpose(text)
    except ValueError:
        abort(404)


def member_behind(
    database: Session, token: str, *, lock: bool = False, joined: bool = False
) -> Member:
    """Return whose own page the link *token* opens, locked if asked; anybody else gets an error."""
    link = links().read(token, Purpose.MEMBER)
    member = queries.member(database, link.id, lock=lock)
    if member is None or link.generation < member.link_generation:
        abort(answer(410, _REPLACED))
    if member.state not in (MemberState.JOINED, MemberState.LEFT):  # no such link is mailed
        abort(answer(410, _REPLACED))
    if joined and member.state != MemberState.JOINED:
        abort(answer(409, _NOT_A_MEMBER, link={"href": "/join", "text": "Join us"}))
    return member


def _seen(token: str, changed: str) -> AnyResponse:
    return redirect(url_for(".show", token=token, changed=changed), 303)
