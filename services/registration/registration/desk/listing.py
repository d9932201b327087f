"""All webinars at a glance: which come, which are not published yet, which are over."""

from flask import render_template

from registration import queries, statistics
from registration.desk.blueprint import desk
from shared.staff import Role
from shared.web import reading
from shared.web.staff import current_staff, require

_PAST = 50


@desk.get("")
@require(Role.VIEWER)
def listing() -> str:
    """Show what is planned and what has been, with how many come."""
    with reading() as database:
        planned = queries.planned(database)
        over = queries.over(database, most=_PAST)
        everything = [*planned, *over]
        return render_template(
            "registration/desk/listing.html",
            coming=[webinar for webinar in planned if not webinar.is_draft],
            drafts=[webinar for webinar in everything if webinar.is_draft],
            past=[webinar for webinar in over if not webinar.is_draft],
            counts=statistics.standings_of(database, everything),
            full=queries.full(database, planned),
            days=statistics.daily(database),
            may_change=current_staff().role.allows(Role.EDITOR),
        )
