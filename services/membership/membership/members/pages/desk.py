"""/staff/members: who has joined, and who of those to be forgotten is not yet."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, abort, render_template, request

from membership.members import consents, presenters, queries, roll
from membership.members.models import Member
from membership.members.schemas import SearchSchema
from shared.web import reading
from shared.web.forms import load
from shared.web.staff import Role, require

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
