"""One webinar: what is said of it, how far it has come, who comes, what can be done."""

from uuid import UUID

from flask import render_template

from registration import statistics
from registration.desk.blueprint import desk, webinar_of
from registration.desk.showing import lines
from registration.details import details_of
from registration.uktime import clocks_on
from shared.staff import Role
from shared.web import clock, reading
from shared.web.staff import current_staff, require


@desk.get("/<uuid:id>")
@require(Role.VIEWER)
def overview(id: UUID) -> str:
    """Show one webinar."""
    with reading() as database:
        webinar = webinar_of(database, id)
        details = details_of(webinar)
        return render_template(
            "registration/desk/overview.html",
            webinar=webinar,
            lines=lines(details),
            missing=details.missing,
            clocks=clocks_on(webinar.starts_at),
            is_past=webinar.ends_at <= clock(),
            is_closed=webinar.is_closed(clock()),
            counts=statistics.standings(database, webinar),
            days=statistics.daily(database, webinar),
            may_change=current_staff().role.allows(Role.EDITOR),
        )
