"""/staff: the console's first page, with what needs attention in all services."""

from flask import Blueprint, render_template

from membership.staff import presenters, queries
from shared.clock import LONDON
from shared.web import clock, reading
from shared.web.staff import Role, current_staff, require

home = Blueprint("home", __name__, url_prefix="/staff")


@home.get("")
@require(Role.VIEWER)
def first_page() -> str:
    """Show what needs attention, and how many registered and were mailed each day."""
    today = clock().astimezone(LONDON).date()
    with reading() as session:
        figures = queries.figures(session, today=today)
    return render_template(
        "membership/staff/home.html",
        matters=presenters.matters(figures, current_staff()),
        plots={
            "Registrations": presenters.plot(figures, "registrations", today=today),
            "Mails": presenters.plot(figures, "mails", today=today),
        },
    )
