"""The first page about a service: how it stands, and what it could not handle."""

from flask import current_app, render_template

from shared.messaging import dead
from shared.staff import Role
from shared.web.house import reading
from shared.web.staff import require
from shared.web.system.blueprint import own, system
from shared.web.system.standing import standing


@system.get("")
@require(Role.ADMINISTRATOR)
def overview() -> str:
    """Show how the service stands, and its dead letters by group."""
    with reading() as session:
        return render_template(
            "shared/system/overview.html",
            amiss=standing(session, current_app.name, own()),
            groups=dead.groups(session),
        )
