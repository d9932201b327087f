"""One member: how to reach them, what they need and agree to, which groups they belong to."""

from datetime import timedelta
from uuid import UUID

from flask import render_template
from sqlalchemy.orm import Session

from membership.members import addresses, consents, presenters, rosters
from membership.members.pages.desk.blueprint import desk, member_of, note
from shared.staff import was_recorded
from shared.web import reading, transaction
from shared.web.staff import Role, current_staff, require

_LOOKED = "member_looked_at"
_ONE_LOOK = timedelta(hours=1)


@desk.get("/<uuid:id>")
@require(Role.EDITOR)
def member(id: UUID) -> str:
    """Show one member; who looked stands in the audit trail, once an hour."""
    with reading() as session:
        page = shown(session, id, {})
        about = f"member:{id}"
        is_noted = was_recorded(
            session, current_staff(), action=_LOOKED, about=about, within=_ONE_LOOK
        )
    if not is_noted:
        with transaction("look") as session:
            note(session, _LOOKED, about)
    return page


def shown(session: Session, id: UUID, errors: dict[str, str]) -> str:
    """Return the page of one member, with what is wrong with what was sent."""
    found = member_of(session, id)
    own = {membership.group_id for membership in found.memberships}
    return render_template(
        "membership/desk/member.html",
        member=found,
        answers=presenters.answers(presenters.typed(found), found.email, found.choices),
        said=consents.statements(session, found.id),
        asked=addresses.asked(session, found.id),
        others=[group for group in rosters.open_groups(session) if group.id not in own],
        errors=errors,
    )
