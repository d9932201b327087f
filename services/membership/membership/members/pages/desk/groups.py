"""The groups: which there are, who belongs to one, and whom else it might take."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from membership.members import groups, roll, rosters
from membership.members.models import Member
from membership.members.pages.desk.blueprint import desk, group_of, note
from membership.members.schemas import GroupSchema, SearchSchema
from shared.slugs import NoSlug
from shared.web import reading, transaction
from shared.web.forms import load
from shared.web.staff import Role, require

KNOWN = {"name": "Another group has this name: choose one that tells them apart"}
_NO_CODE = {"name": "The name needs some letters from a to z, or digits, for its code"}


@desk.get("/groups")
@require(Role.EDITOR)
def all_groups() -> str:
    """Show the groups, and the form that starts one."""
    return _all({}, {})


@desk.post("/groups")
@require(Role.EDITOR)
def start() -> Response | tuple[str, int]:
    """Start a group; show the form again where something is wrong."""
    values, errors = load(GroupSchema(), request.form)
    if errors:
        return _all(values, errors), 422
    try:
        with transaction("group_start") as database:
            group = groups.start(database, **values)
            note(database, "group_started", f"group:{group.code}")
    except groups.Known:
        return _all(values, KNOWN), 422
    except NoSlug:
        return _all(values, _NO_CODE), 422
    return redirect(url_for(".group", code=group.code), 303)


@desk.get("/groups/<code>")
@require(Role.EDITOR)
def group(code: str) -> str:
    """Show one group and who belongs to it; perhaps who has just come or gone."""
    with reading() as session:
        id = request.args.get("member", type=UUID)
        return _one(session, code, who=roll.seen(session, id) if id else None)


@desk.post("/groups/<code>")
@require(Role.EDITOR)
def find(code: str) -> str | tuple[str, int]:
    """Show besides which members have these words in their name or address."""
    values, errors = load(SearchSchema(), request.form)
    with reading() as session:
        if errors:
            return _one(session, code, values=values, errors=errors), 422
        found = roll.named(session, values["words"])
        return _one(session, code, values=values, found=found)


def _all(values: dict[str, str], errors: dict[str, str]) -> str:
    with reading() as session:
        return render_template(
            "membership/desk/groups.html",
            groups=rosters.open_groups(session),
            closed=rosters.closed_groups(session),
            sizes=rosters.sizes(session),
            values=values,
            errors=errors,
        )


def _one(session: Session, code: str, *, found: Sequence[Member] = (), **shown: Any) -> str:
    group = group_of(session, code)
    roster = rosters.roster(session, group)
    belonging = {member.id for member, _ in roster}
    return render_template(
        "membership/desk/group.html",
        group=group,
        roster=roster,
        found=[each for each in found if each.state == "joined" and each.id not in belonging],
        **{"who": None, "values": {}, "errors": {}} | shown,
    )
