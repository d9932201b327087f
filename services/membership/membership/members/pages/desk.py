"""/staff/members: who has joined, and who of those to be forgotten is not yet."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from membership.members import addresses, consents, presenters, queries, roll
from membership.members.models import Member, MemberState
from membership.members.pages.address import ask, typed
from membership.members.schemas import SearchSchema
from shared.staff import record
from shared.web import reading, transaction
from shared.web.forms import load
from shared.web.staff import Role, current_staff, require

desk = Blueprint("members_desk", __name__, url_prefix="/staff/members")

_MOST_PAGES = 10_000


@desk.get("")
@require(Role.EDITOR)
def members() -> str:
    """Show the members, who joined last first."""
    page = min(max(request.args.get("page", 1, type=int), 1), _MOST_PAGES)
    with reading() as session:
        found = roll.newest(session, page)
    return _list(found[: roll.PAGE], page=page, more=len(found) > roll.PAGE)


@desk.post("")
@require(Role.EDITOR)
def search() -> str | tuple[str, int]:
    """Show who has these words in their name or address, which no address of a page may hold."""
    values, errors = load(SearchSchema(), request.form)
    if errors:
        return _list((), values=values, errors=errors), 422
    with reading() as session:
        found = roll.named(session, values["words"])
    return _list(found, values=values)


@desk.get("/<uuid:id>")
@require(Role.EDITOR)
def member(id: UUID) -> str:
    """Show one member: how to reach them, what they need and what they agree to."""
    with reading() as session:
        found = roll.seen(session, id) or abort(404)
        held = presenters.typed(found)
        return render_template(
            "membership/desk/member.html",
            member=found,
            answers=presenters.answers(held, found.email, found.choices),
            said=consents.statements(session, found.id),
            asked=addresses.asked(session, found.id),
        )


@desk.get("/<uuid:id>/address")
@require(Role.EDITOR)
def ask_for_address(id: UUID) -> str:
    """Ask for the new email address of somebody who phoned."""
    return _address(id, {}, {})


@desk.post("/<uuid:id>/address")
@require(Role.EDITOR)
def take_address(id: UUID) -> Response | tuple[str, int]:
    """Have the address asked for proof: nothing changes before its person presses the button."""
    with reading() as session:
        values, errors = typed(_joined(session, id))
    if errors:
        return _address(id, values, {name: _theirs(said) for name, said in errors.items()}), 422
    with transaction("address") as session:
        ask(session, _joined(session, id, lock=True), values["email"])
        record(session, current_staff(), action="address_change_asked", about=f"member:{id}")
    return redirect(url_for(".member", id=id, changed="address"), 303)


def _joined(session: Session, id: UUID, *, lock: bool = False) -> Member:
    found = queries.member(session, id, lock=lock)
    return found if found and found.state == MemberState.JOINED else abort(404)


def _theirs(said: str) -> str:
    """Return what the public form says to somebody of themselves as it is said of another."""
    return said.replace("your ", "their ").replace("Your ", "Their ")


def _address(id: UUID, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    with reading() as session:
        return render_template(
            "membership/desk/address.html",
            member=_joined(session, id),
            values=values,
            errors=errors,
        )


def _list(
    found: Sequence[Member],
    *,
    page: int = 1,
    more: bool = False,
    values: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
) -> str:
    with reading() as session:
        return render_template(
            "membership/desk/members.html",
            members=found,
            total=roll.count(session),
            localities=roll.by_locality(session),
            waiting=queries.unfinished_erasures(session),
            page=page,
            more=more,
            values=values or {},
            errors=errors or {},
        )
