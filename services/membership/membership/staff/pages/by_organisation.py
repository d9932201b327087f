"""/staff/sign-in/organisation: to the provider of one's organisation, and back."""

import hmac
from dataclasses import asdict

import flask
import structlog
from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response

from membership.config import MembershipSettings
from membership.staff import admission, commands
from membership.staff.admission import onward
from membership.staff.openid import Errand, Identity, NotProven, Provider, ProviderAway
from membership.staff.pages import sessions
from shared.addresses import NotAnAddress, ascii_form
from shared.staff import Role
from shared.web import clock, settings, transaction
from shared.web.errors import answer
from shared.web.sealed import seal, unseal
from shared.web.words import Words

by_organisation = Blueprint("by_organisation", __name__, url_prefix="/staff/sign-in/organisation")

_log = structlog.get_logger(__name__)
_ERRAND = "errand"
_AWAITED = 10 * 60  # seconds
_AGAIN = {"href": "/staff/sign-in", "text": "Sign in another way"}
_AWAY = Words(
    title="Your organisation’s sign-in does not answer",
    meaning="You are not signed in.",
    remedy="Wait a few minutes and try again. If it happens again, tell an administrator.",
)
_UNPROVEN = Words(
    title="We could not sign you in",
    meaning="What came back from your organisation does not show who you are, or came too late.",
    remedy="Try again from the beginning.",
)
_NO_ROLE = Words(
    title="You have no part in this console yet",
    meaning="Your organisation knows you, but you are in none of the groups that may come in, "
    "or your account has been shut.",
    remedy="Ask an administrator to let you in.",
)


@by_organisation.get("")
def leave() -> Response:
    """Send the browser to the provider."""
    errand = Errand.new()
    try:
        address = _provider().address(errand)
    except ProviderAway as error:
        return _away(error)
    flask.session[_ERRAND] = seal(asdict(errand) | {"onward": onward()}, _AWAITED)
    return redirect(address, 303)


@by_organisation.get("/back")
def come_back() -> Response:
    """Let in whom the provider vouches for."""
    kept = unseal(flask.session.pop(_ERRAND, ""))
    state = request.args.get("state", "")
    if kept is None or not hmac.compare_digest(state.encode(), kept["state"].encode()):
        return answer(400, _UNPROVEN, link=_AGAIN)
    admission.count_network()
    path = kept.pop("onward")
    try:
        code = request.args.get("code", "")
        return _let_in(_provider().identity(code, Errand(**kept), clock()), path)
    except ProviderAway as error:
        return _away(error)
    except (NotProven, NotAnAddress) as error:
        _log.warning("openid.not_proven", reason=type(error).__name__)
        return answer(400, _UNPROVEN, link=_AGAIN)


def _let_in(known: Identity, path: str) -> Response:
    """Return the answer to somebody known: an account is made at the first time."""
    roles = settings(MembershipSettings).oidc_roles
    role = max((roles[group] for group in known.groups if group in roles), key=_rank, default=None)
    if role is None:
        return answer(403, _NO_ROLE, link=_AGAIN)
    email = ascii_form(known.email).lower()
    with transaction("organisation") as session:
        account = commands.known_elsewhere(session, email=email, name=known.name, role=role)
        if account.disabled_at:
            return answer(403, _NO_ROLE, link=_AGAIN)
        return sessions.let_in(session, account, path)


def _rank(role: Role) -> int:
    return list(Role).index(role)


def _provider() -> Provider:
    stated = settings(MembershipSettings)
    if not stated.oidc_issuer:
        abort(404)
    return Provider(stated, f"{stated.base_url}{flask.url_for('by_organisation.come_back')}")


def _away(error: ProviderAway) -> Response:
    _log.error("openid.away", reason=str(error))
    return answer(503, _AWAY, link=_AGAIN)
