"""A member joins a group or leaves it: from their own page for staff, or from the group's."""

from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from membership.members import groups
from membership.members.pages.desk.blueprint import desk, group_of, member_of, note
from membership.members.pages.desk.grouping import closed
from membership.members.pages.desk.person import shown
from shared.web import reading, transaction
from shared.web.errors import answer
from shared.web.staff import Role, require
from shared.web.words import Words

_CHOOSE = {"group": "Choose a group"}
_LEFT = Words(
    title="This person is no longer a member",
    meaning="Only members can belong to a group.",
    remedy="They can join again, at /join.",
)


@desk.post("/<uuid:id>/groups/join")
@require(Role.EDITOR)
def join_group(id: UUID) -> Response | tuple[str, int]:
    """Let a member belong to a group."""
    code = request.form.get("group", "")
    if not code:
        with reading() as database:
            return shown(database, id, _CHOOSE), 422
    try:
        with transaction("group_join") as database:
            group = group_of(database, code, lock=True)
            if groups.join(database, group, member_of(database, id, lock=True)):
                note(database, "group_joined", f"member:{id} to {code}")
    except groups.Closed:
        return closed()
    except groups.NotAMember:
        return answer(409, _LEFT, link={"href": url_for(".member", id=id), "text": "Go back"})
    return _back(id, code, did="joined")


@desk.post("/<uuid:id>/groups/leave")
@require(Role.EDITOR)
def leave_group(id: UUID) -> Response:
    """Let a member belong to a group no longer."""
    code = request.form.get("group", "")
    with transaction("group_leave") as database:
        group = group_of(database, code)
        if groups.leave(database, group, member_of(database, id, lock=True)):
            note(database, "group_left", f"member:{id} from {code}")
    return _back(id, code, did="left")


def _back(id: UUID, code: str, *, did: str) -> Response:
    """Return the way to the page that the form was on, which says what was done."""
    if request.form.get("back") == "group":
        return redirect(url_for(".group", code=code, did=did, member=str(id)), 303)
    return redirect(url_for(".member", id=id, did=did, group=code), 303)
