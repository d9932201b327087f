"""What people see of our mail: their preferences, and the way to stop it."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from notifications.models import Recipient
from notifications.preferences import (
    WORDING,
    Break,
    choose,
    preferences,
    recipient_by_id,
    stop,
    turn_everything_off,
)
from notifications.schemas import PreferencesSchema
from shared.links import Purpose
from shared.web import links, reading, transaction
from shared.web.errors import answer
from shared.web.forms import load
from shared.web.words import Words

pages = Blueprint("pages", __name__)
# Mail programs post here for people, without cookies: RFC 8058, 3.1 and 3.2.
one_click = Blueprint("one_click", __name__)

_REPLACED = Words(
    title="This link no longer works",
    meaning="A newer link has replaced it.",
    remedy="Use the link in the newest email you have from us, or email us and we will help.",
)


@pages.get("/preferences/<token>")
def show(token: str) -> str:
    """Show what somebody is mailed about."""
    return _page("preferences.html", token, errors={})


@pages.post("/preferences/<token>")
def change(token: str) -> Response | tuple[str, int]:
    """Change what somebody is mailed about."""
    values, errors = load(PreferencesSchema(), request.form)
    if errors:
        return _page("preferences.html", token, errors=errors), 422
    with transaction("preferences") as session:
        recipient = _own(session, token, Purpose.PREFERENCES, lock=True)
        rest = Break(values["rest"]) if values["rest"] else None
        choose(session, recipient, invited=values["invited"], rest=rest)
    return _seen(token)


@pages.post("/preferences/<token>/off")
def off(token: str) -> Response:
    """Turn off all that somebody has not asked for."""
    with transaction("preferences") as session:
        turn_everything_off(session, _own(session, token, Purpose.PREFERENCES, lock=True))
    return _seen(token)


@pages.get("/preferences/<token>/confirm")
def ask(token: str) -> str:
    """Ask whether it is so that somebody wants invitations."""
    return _page("confirm.html", token)


@pages.post("/preferences/<token>/confirm")
def confirm(token: str) -> Response:
    """Take yes or no for an answer."""
    invited = request.form.get("answer") == "yes"
    with transaction("preferences") as session:
        recipient = _own(session, token, Purpose.PREFERENCES, lock=True)
        choose(session, recipient, invited=invited, rest=None)
    return _seen(token)


@pages.get("/unsubscribe/<token>")
def ask_to_stop(token: str) -> str:
    """Ask before invitations stop: programs that look at links must not stop them."""
    with reading() as session:
        _own(session, token, Purpose.UNSUBSCRIBE)
    return render_template("notifications/unsubscribe.html")


@one_click.post("/unsubscribe/<token>")
def unsubscribe(token: str) -> str:
    """Stop invitations at once, for a person who pressed the button or a program that did."""
    with transaction("unsubscribe") as session:
        recipient = _own(session, token, Purpose.UNSUBSCRIBE, lock=True)
        stop(session, recipient)
        chosen = links().url(Purpose.PREFERENCES, recipient.id, recipient.link_generation)
    return render_template("notifications/unsubscribed.html", preferences_page=chosen)


def _page(template: str, token: str, **values: Any) -> str:
    with reading() as session:
        standing = preferences(session, _own(session, token, Purpose.PREFERENCES))
    return render_template(
        f"notifications/{template}", token=token, standing=standing, wording=WORDING, **values
    )


def _own(session: Session, token: str, purpose: Purpose, *, lock: bool = False) -> Recipient:
    link = links().read(token, purpose)
    own = recipient_by_id(session, link.id, lock=lock)
    if own is None or link.generation < own.link_generation:
        abort(answer(410, _REPLACED))
    return own


def _seen(token: str) -> Response:
    return redirect(url_for(".show", token=token, changed=1), 303)
