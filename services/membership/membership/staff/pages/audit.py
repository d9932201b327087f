"""/staff/audit: who of the staff did what, in all services."""

from uuid import UUID

from flask import Blueprint, render_template, request

from membership.staff import queries
from membership.staff.commands import OPERATOR, ORGANISATION
from shared.web import reading
from shared.web.staff import Role, require

audit = Blueprint("audit", __name__, url_prefix="/staff/audit")

_MOST_PAGES = 10_000


@audit.get("")
@require(Role.ADMINISTRATOR)
def trail() -> str:
    """Show what was done, the newest first; perhaps by one account alone."""
    page = min(max(request.args.get("page", 1, type=int), 1), _MOST_PAGES)
    by = request.args.get("by", type=UUID)
    with reading() as session:
        found = queries.acts(session, by=by, page=page)
        accounts = queries.accounts(session)
    names = {staff.account_id: staff.name for staff in (OPERATOR, ORGANISATION)}
    names |= {account.id: account.name for account in accounts}

    def about(said: str) -> str:
        """Return what an act was about, an account by its owner's name."""
        kind, _, id = said.partition(":")
        return next((name for owner, name in names.items() if str(owner) == id), f"{kind} {id}")

    return render_template(
        "membership/staff/audit.html",
        about=about,
        acts=found[: queries.PAGE],
        more=len(found) > queries.PAGE,
        page=page,
        by=by,
        names=names,
    )
