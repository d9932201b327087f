"""The list of members: filtered by what is no secret, searched by what no address may hold."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template, request
from sqlalchemy.orm import Session

from membership.members import queries, roll, rosters
from membership.members.models import Member, MemberState
from membership.members.pages.desk.blueprint import desk
from membership.members.schemas import SearchSchema
from shared.web import reading
from shared.web.forms import load
from shared.web.staff import Role, require

_MOST_PAGES = 10_000


@desk.get("")
@require(Role.EDITOR)
def members() -> str:
    """Show the members, those in a place, group or state if asked, who joined last first."""
    wanted = wanted_in(request.args)
    page = min(max(request.args.get("page", 1, type=int), 1), _MOST_PAGES)
    with reading() as session:
        number = roll.count(session, wanted)
        found = roll.newest(session, wanted, page)
        pages = max(1, -(-number // roll.PAGE))
        return _list(session, found, wanted=wanted, number=number, page=page, pages=pages)


@desk.post("")
@require(Role.EDITOR)
def search() -> str | tuple[str, int]:
    """Show who has these words in their name or address."""
    values, errors = load(SearchSchema(), request.form)
    with reading() as session:
        if errors:
            return _list(session, (), values=values, errors=errors), 422
        return _list(session, roll.named(session, values["words"]), values=values)


def wanted_in(said: Mapping[str, str]) -> roll.Wanted:
    """Return whom the filter asks for."""
    state = MemberState.LEFT if said.get("state") == MemberState.LEFT else MemberState.JOINED
    return roll.Wanted(state=state, locality=said.get("locality", ""), group=said.get("group", ""))


def _list(session: Session, found: Sequence[Member], **shown: Any) -> str:
    usual: dict[str, Any] = {"wanted": roll.Wanted(), "page": 1, "pages": 1}
    return render_template(
        "membership/desk/members.html",
        members=found,
        total=roll.count(session, roll.Wanted()),
        localities=roll.localities(session),
        groups=rosters.open_groups(session),
        by_locality=roll.by_locality(session),
        waiting=queries.unfinished_erasures(session),
        **usual | {"values": {}, "errors": {}} | shown,
    )
