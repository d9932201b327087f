"""/staff/sign-in: address and password, then a code where the account asks for one."""

from typing import Any
from uuid import UUID

import flask
from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from membership.config import MembershipSettings
from membership.staff import admission, codes, queries
from membership.staff.admission import onward
from membership.staff.models import StaffAccount
from membership.staff.pages import sessions
from membership.staff.schemas import CodeSchema, SignInSchema
from membership.staff.tokens import hash_of
from shared.web import reading, settings, transaction
from shared.web.forms import load
from shared.web.sealed import seal, unseal

signing_in = Blueprint("signing_in", __name__, url_prefix="/staff/sign-in")

_HALF_IN = "half_in"
_CODE_AWAITED = 5 * 60  # seconds
_WRONG = "The email address or the password is not right. Try again, or ask an administrator"
_WRONG_CODE = "This code is not right, or was used before. Enter the code that your app shows now"
_TOO_LATE = "You took longer than five minutes over the code. Please begin again."
Page = Response | str | tuple[str, int]


@signing_in.get("")
def sign_in() -> Page:
    """Show the form; send on who is in already."""
    with reading() as session:
        if sessions.running(session):
            return redirect(onward(), 303)
    return _form({}, {})


@signing_in.post("")
def send_sign_in() -> Page:
    """Let in who has the right password, or ask for their code."""
    values, errors = load(SignInSchema(), request.form)
    if errors:
        return _form(values, errors), 422
    admission.count_sign_in(values["email"])
    account = admission.recognised(values["email"], values["password"])
    if account is None:
        return _form(values, {"email": _WRONG}), 422
    if account.totp_secret:
        flask.session[_HALF_IN] = seal(_proof(account), _CODE_AWAITED)
        return redirect(url_for(".code", next=onward()), 303)
    return _let_in(account) or _begin_again()


@signing_in.get("/code")
def code() -> Page:
    """Ask for a code."""
    return _code_form({}) if _half_in() else _begin_again()


@signing_in.post("/code")
def send_code() -> Page:
    """Let in who has the right code."""
    half_in = _half_in()
    if half_in is None:
        return _begin_again()
    values, errors = load(CodeSchema(), request.form)
    if errors:
        return _code_form(errors), 422
    id = UUID(half_in["id"])
    admission.count_proof(id)
    with transaction("code") as session:
        account = queries.locked(session, id)
        if _proof(account) != half_in or account.disabled_at:
            return _begin_again()
        key = settings().address_key
        if codes.accept(session, account, values["code"], key=key):
            return sessions.let_in(session, account, onward())
    return _code_form({"code": _WRONG_CODE}), 422


def _let_in(known: StaffAccount) -> Response | None:
    """Return the answer to whoever has proven to be *known*; None if it has changed meanwhile."""
    with transaction("sign_in") as session:
        account = queries.locked(session, known.id)
        if account.disabled_at or _proof(account) != _proof(known):
            return None
        return sessions.let_in(session, account, onward())


def _proof(account: StaffAccount) -> dict[str, str]:
    # Of the account as it was when the password was right: another password is another proof.
    return {"id": str(account.id), "of": hash_of(f"{account.password_hash} {account.totp_secret}")}


def _half_in() -> dict[str, Any] | None:
    return unseal(flask.session.get(_HALF_IN, ""))


def _begin_again() -> Response:
    flash(_TOO_LATE)
    return redirect(url_for(".sign_in", next=onward()), 303)


def _form(values: dict[str, Any], errors: dict[str, str]) -> str:
    stated = settings(MembershipSettings)
    return render_template(
        "membership/staff/sign_in.html",
        values=values,
        errors=errors,
        organisation_s=stated.oidc_issuer and url_for("by_organisation.leave", next=onward()),
    )


def _code_form(errors: dict[str, str]) -> str:
    return render_template("membership/staff/code.html", values={}, errors=errors)
