"""A browser's session: begun with a cookie of membership's own, told to all by the other."""

import flask
from flask import redirect
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from membership.staff import commands, queries
from membership.staff.models import StaffAccount, StaffSession
from shared.web.staff import hand_out

_KEPT = "staff"
_FORMS = "csrf_token"


def running(session: Session) -> StaffSession | None:
    """Return the session that the present browser is in; None where it has to sign in."""
    token = flask.session.get(_KEPT)
    return queries.running_session(session, token) if token else None


def let_in(session: Session, account: StaffAccount, onward: str) -> Response:
    """Return the answer that lets the present browser in, and sends it *onward*."""
    staff, token = commands.start_session(session, account)
    # Nothing that was here before may go on under somebody's name, but for forms that were kept.
    forms = flask.session.get(_FORMS)
    flask.session.clear()
    flask.session.update({_KEPT: token} | ({_FORMS: forms} if forms else {}))
    response = redirect(onward, 303)
    hand_out(response, staff)
    return response
