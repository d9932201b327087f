"""/staff/account: one's own password, and the second step of signing in."""

from typing import Any

import flask
import segno
from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from membership.staff import admission, codes, commands, passwords, queries
from membership.staff.models import StaffAccount
from membership.staff.schemas import ChangePasswordSchema, ConfirmSchema, SecondStepSchema
from shared.db import now
from shared.web import reading, settings, transaction
from shared.web.forms import load
from shared.web.sealed import seal, unseal
from shared.web.staff import Role, current_staff, require

own_account = Blueprint("own_account", __name__, url_prefix="/staff/account")

_SHOWN = "second_step"
_SECRET_KEPT = 30 * 60  # seconds
_WRONG = "This is not the password you have now"
_WRONG_CODE = "This is not the code that the app shows now. Enter the six digits it shows"
Page = Response | str | tuple[str, int]


@own_account.get("")
@require(Role.VIEWER)
def account() -> str:
    """Show one's own account."""
    return _page("account.html")


@own_account.post("/password")
@require(Role.VIEWER)
def change_password() -> Page:
    """Keep another password; whoever else is signed in by this account is signed out."""
    values, errors = load(ChangePasswordSchema(), request.form)
    if not errors:
        errors = _unproven(values["current"], "current") or _too_weak(values["password"])
    if errors:
        return _page("account.html", errors=errors), 422
    kept = passwords.hashed(values["password"])
    with transaction("password") as session:
        own = queries.locked(session, current_staff().account_id)
        commands.choose_password(session, own, kept, staying=current_staff().session_id)
    flash("Your password has been changed. Wherever else you were signed in, you are not any more.")
    return redirect(url_for(".account"), 303)


@own_account.get("/second-step")
@require(Role.VIEWER)
def second_step() -> str:
    """Show how to turn the second step on, or off."""
    return _second_step({})


@own_account.post("/second-step")
@require(Role.VIEWER)
def turn_on() -> Page:
    """Ask for a code from now on; show the recovery codes, once."""
    secret = _new_secret()
    values, errors = load(SecondStepSchema(), request.form)
    if not errors:
        errors = _unproven(values["password"], "password") or _not_of(secret, values["code"])
    if errors:
        return _second_step(errors), 422
    key = settings().address_key
    with transaction("second_step") as session:
        own = queries.locked(session, current_staff().account_id)
        made = commands.turn_on_second_step(
            session, own, secret=secret, key=key, by=current_staff()
        )
    flask.session.pop(_SHOWN, None)
    return render_template("membership/staff/recovery_codes.html", codes=made)


@own_account.post("/second-step/off")
@require(Role.VIEWER)
def turn_off() -> Page:
    """Ask for no code any more."""
    values, errors = load(ConfirmSchema(), request.form)
    if not errors:
        errors = _unproven(values["password"], "password")
    if errors:
        return _second_step(errors), 422
    with transaction("second_step") as session:
        own = queries.locked(session, current_staff().account_id)
        commands.turn_off_second_step(session, own, by=current_staff())
    flash("Signing in asks for no code any more.")
    return redirect(url_for(".account"), 303)


def _own(session: Session) -> StaffAccount:
    return session.get_one(StaffAccount, current_staff().account_id)


def _page(template: str, *, errors: dict[str, str] | None = None, **context: Any) -> str:
    with reading() as session:
        own = _own(session)
    return render_template(
        f"membership/staff/{template}", account=own, values={}, errors=errors or {}, **context
    )


def _second_step(errors: dict[str, str]) -> str:
    with reading() as session:
        own = _own(session)
    if own.totp_secret:
        return _page("second_step_off.html", errors=errors)
    secret = _new_secret()
    flask.session[_SHOWN] = seal({"secret": secret}, _SECRET_KEPT)
    address = codes.address_for_app(secret, email=own.email, organisation=settings().organisation)
    picture = segno.make(address, micro=False).svg_inline(scale=5, border=4, omitsize=True)
    return _page("second_step_on.html", errors=errors, secret=secret, picture=picture)


def _new_secret() -> str:
    """Return the secret that was shown before; a new one where none was."""
    kept = unseal(flask.session.get(_SHOWN, ""))
    return str(kept["secret"]) if kept else codes.new_secret()


def _unproven(password: str, field: str) -> dict[str, str]:
    admission.count_proof(current_staff().account_id)
    with reading() as session:
        kept = _own(session).password_hash
    return {} if passwords.matches(password, kept) else {field: _WRONG}


def _not_of(secret: str, code: str) -> dict[str, str]:
    with reading() as session:
        moment = now(session)
    typed = "".join(code.split())
    return {} if codes.step_of(secret, typed, moment) else {"code": _WRONG_CODE}


def _too_weak(password: str) -> dict[str, str]:
    with reading() as session:
        weak = passwords.weakness(password, email=_own(session).email)
    return {"password": weak} if weak else {}
