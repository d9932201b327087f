"""The new email address of a member who phoned: asked for, and proven as every other."""

from collections.abc import Mapping
from uuid import UUID

from flask import abort, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from membership.members import queries
from membership.members.models import Member, MemberState
from membership.members.pages.address import ask, typed
from membership.members.pages.desk.blueprint import desk, note
from shared.web import reading, transaction
from shared.web.staff import Role, require


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
        note(session, "address_change_asked", f"member:{id}")
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
