"""/staff/set-up/<token>: choosing a password for an account that has none."""

from flask import Blueprint, abort, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from membership.staff import commands, passwords, queries
from membership.staff.models import StaffAccount
from membership.staff.pages import sessions
from membership.staff.schemas import NewPasswordSchema
from shared.web import reading, transaction
from shared.web.errors import answer
from shared.web.forms import load
from shared.web.words import Words

setting_up = Blueprint("setting_up", __name__, url_prefix="/staff/set-up")

_OVER = Words(
    title="This link no longer works",
    meaning="It has been used, is older than three days, or has been replaced.",
    remedy="Try to sign in, or ask an administrator for another link.",
)


@setting_up.get("/<token>")
def choose(token: str) -> str:
    """Ask for a password."""
    with reading() as session:
        return _form(_account(session, token), {})


@setting_up.post("/<token>")
def send_choice(token: str) -> Response | tuple[str, int]:
    """Keep the password, and let its owner in."""
    with reading() as session:
        account = _account(session, token)
    values, errors = load(NewPasswordSchema(), request.form)
    weak = None if errors else passwords.weakness(values["password"], email=account.email)
    if weak:
        errors = {"password": weak}
    if errors:
        return _form(account, errors), 422
    kept = passwords.hashed(values["password"])
    with transaction("set_up") as session:
        account = _account(session, token)
        commands.choose_password(session, account, kept)
        return sessions.let_in(session, account, "/staff")


def _account(session: Session, token: str) -> StaffAccount:
    link = {"href": "/staff/sign-in", "text": "Sign in"}
    return queries.to_set_up(session, token) or abort(answer(404, _OVER, link=link))


def _form(account: StaffAccount, errors: dict[str, str]) -> str:
    return render_template(
        "membership/staff/set_up.html", account=account, values={}, errors=errors
    )
