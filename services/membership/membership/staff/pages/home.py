"""/staff: the console's first page."""

from flask import Blueprint, render_template

from shared.web.staff import Role, require

home = Blueprint("home", __name__, url_prefix="/staff")


@home.get("")
@require(Role.VIEWER)
def first_page() -> str:
    """Show where to go from here."""
    return render_template("membership/staff/home.html")
