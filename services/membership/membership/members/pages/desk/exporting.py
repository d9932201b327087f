"""The members on the list as a table for a spreadsheet program."""

from flask import Response, request

from membership.members import roll
from membership.members.models import ChoiceKind, Member
from membership.members.pages.desk.blueprint import desk, note
from membership.members.pages.desk.listing import wanted_in
from membership.members.schemas import REACH
from shared.clock import LONDON
from shared.web import transaction
from shared.web.staff import Role, require
from shared.web.tables import count_one, handed_over

# Not what brings them: it tells of health, and nobody needs a table of it.
_HEAD = (
    "Name",
    "Email address",
    "Standing",
    "Joined (UK time)",
    "How to reach them",
    "Phone number",
    "Postal address",
    "Where they live",
    "What interests them",
    "What would help them take part",
    "Groups",
)


@desk.post("/export")
@require(Role.EDITOR)
def export() -> Response:
    """Hand over the table; who took how much stands in the audit trail."""
    with transaction("export") as database:
        count_one(database)
        found = roll.every(database, wanted_in(request.form))
        note(database, "members_exported", f"members:{len(found)}")
    return handed_over("members", _HEAD, map(_row, found))


def _row(member: Member) -> tuple[str, ...]:
    joined = member.joined_at.astimezone(LONDON) if member.joined_at else None
    return (
        member.name,
        member.email,
        member.state,
        f"{joined:%Y-%m-%d %H:%M}" if joined else "",
        REACH.get(member.reach, ""),
        member.phone,
        member.post,
        _labels(member, ChoiceKind.LOCALITY),
        _labels(member, ChoiceKind.INTEREST),
        member.access_needs,
        "; ".join(membership.group.name for membership in member.memberships),
    )


def _labels(member: Member, kind: ChoiceKind) -> str:
    return "; ".join(choice.label for choice in member.chosen(kind))
