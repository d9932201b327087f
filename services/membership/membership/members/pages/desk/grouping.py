"""Calling a group otherwise, and closing it."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from membership.members import groups, rosters
from membership.members.pages.desk.blueprint import desk, group_of, note
from membership.members.pages.desk.groups import KNOWN
from membership.members.schemas import GroupSchema
from shared.web import reading, transaction
from shared.web.errors import answer
from shared.web.forms import load
from shared.web.staff import Role, require
from shared.web.words import Words

_CLOSED = Words(
    title="This group is closed",
    meaning="Nobody belongs to it any more, and nothing of it can be changed.",
    remedy="Start a new group if you need one.",
)


@desk.get("/groups/<code>/edit")
@require(Role.EDITOR)
def group_form(code: str) -> str:
    """Show the form with what is said of the group now."""
    with reading() as session:
        group = group_of(session, code)
    return _form(code, {"name": group.name, "about": group.about}, {})


@desk.post("/groups/<code>/edit")
@require(Role.EDITOR)
def describe(code: str) -> Response | tuple[str, int]:
    """Keep what was changed."""
    values, errors = load(GroupSchema(), request.form)
    if errors:
        return _form(code, values, errors), 422
    try:
        with transaction("group_change") as database:
            groups.describe(database, group_of(database, code, lock=True), **values)
            note(database, "group_changed", f"group:{code}")
    except groups.Known:
        return _form(code, values, KNOWN), 422
    except groups.Closed:
        return closed()
    return redirect(url_for(".group", code=code), 303)


@desk.get("/groups/<code>/close")
@require(Role.EDITOR)
def ask_to_close(code: str) -> str:
    """Ask before a group is closed."""
    with reading() as session:
        group = group_of(session, code)
        size = rosters.sizes(session).get(group.id, 0)
    return render_template("membership/desk/close_group.html", group=group, size=size)


@desk.post("/groups/<code>/close")
@require(Role.EDITOR)
def close(code: str) -> Response:
    """Close a group; its members leave it."""
    with transaction("group_close") as database:
        groups.close(database, group_of(database, code, lock=True))
        note(database, "group_closed", f"group:{code}")
    return redirect(url_for(".group", code=code), 303)


def closed() -> Response:
    """Return the page for who acted on a group that is closed."""
    link = {"href": url_for(".all_groups"), "text": "Go to the groups"}
    return answer(409, _CLOSED, link=link)


def _form(code: str, values: dict[str, str], errors: dict[str, str]) -> str:
    return render_template(
        "membership/desk/group_form.html", code=code, values=values, errors=errors
    )
