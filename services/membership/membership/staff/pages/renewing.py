"""/staff/renew and /staff/sign-out, to which browsers come from the pages of all services."""

import flask
from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from membership.staff import commands, queries
from membership.staff.admission import onward
from membership.staff.pages import sessions
from shared.db import now
from shared.staff import Role, Staff
from shared.web import transaction
from shared.web.staff import hand_out, take_back

renewing = Blueprint("renewing", __name__, url_prefix="/staff")


@renewing.route("/renew", methods=["GET", "POST"])
def renew() -> Response | tuple[str, int]:
    """Hand out the cookie for ten minutes more and send the browser back with what it posted.

    Where the session is over, ask to sign in; what was posted is shown as a form to send again.
    """
    with transaction("renew", durable=False) as session:
        own = sessions.running(session)
        if own is not None:
            own.seen_at = now(session)
            account = own.account
            staff = Staff(account.id, own.id, account.name, Role(account.role))
            response = redirect(onward(), 307 if request.method == "POST" else 303)
            hand_out(response, staff)
            return response
    if request.method == "POST":
        posted = request.form.items(multi=True)
        page = render_template("membership/staff/kept.html", posted=posted, onward=onward())
        return page, 401
    return redirect(url_for("signing_in.sign_in", next=onward()), 303)


@renewing.post("/sign-out")
def sign_out() -> Response:
    """End the session, everywhere."""
    with transaction("sign_out") as session:
        own = sessions.running(session)
        if own is not None:
            account = queries.locked(session, own.account_id)
            commands.sign_out(session, account, own)
    response = redirect(url_for("signing_in.sign_in"), 303)
    if own is not None:
        flask.session.clear()
        flash("You have signed out.")
        take_back(response)
    return response
