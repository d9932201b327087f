"""What the public see: webinars, the form to register, and a person's own page."""

from typing import Any, NoReturn

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from registration import commands, presenters, queries
from registration.admission import admit
from registration.facts import INVITATIONS_WORDING
from registration.models import Registration, RegistrationState, Webinar
from registration.schemas import FormSchema
from shared.addresses import probably_meant
from shared.links import Purpose
from shared.web import clock, links, reading, transaction
from shared.web.errors import answer
from shared.web.forms import load
from shared.web.sealed import TooMuchToSeal, seal, unseal
from shared.web.words import Words

pages = Blueprint("pages", __name__)

_RECEIPT_KEPT = 30 * 60  # seconds
_NOT_A_PERSON = "Leave this box empty, then send the form again"
_CANCELLED = Words(
    title="This webinar has been cancelled",
    meaning="Nobody can register for it any more.",
    remedy="There may be another webinar that you would like.",
)
_ENDED = Words(
    title="This webinar has taken place",
    meaning="Nobody can register for it any more.",
    remedy="There may be another webinar that you would like.",
)
_REPLACED = Words(
    title="This link no longer works",
    meaning="It belongs to a registration that has been replaced or deleted.",
    remedy="Look for a newer email from us: its link replaces this one.",
)
_ALL_WEBINARS = {"href": "/", "text": "See all webinars"}
_LONG_ANSWERS = ("description", "access_needs", "question")


@pages.get("/")
def webinars() -> str:
    """Show what is to come, and what has been."""
    with reading() as database:
        upcoming = queries.upcoming(database)
        return render_template(
            "registration/webinars.html",
            upcoming=upcoming,
            past=queries.past(database),
            full=queries.full(database, upcoming),
        )


@pages.get("/webinars/<slug>")
def webinar(slug: str) -> str:
    """Show one webinar."""
    with reading() as database:
        found = _webinar(database, slug)
        return render_template(
            "registration/webinar.html",
            webinar=found,
            is_full=found.id in queries.full(database, [found]),
            is_past=found.ends_at <= clock(),
        )


@pages.get("/webinars/<slug>/register")
def form(slug: str) -> str:
    """Show the form, empty."""
    return _shown(slug, values={}, errors={})


@pages.post("/webinars/<slug>/register")
def send_form(slug: str) -> Response | str | tuple[str, int]:
    """Register who filled in the form; show it again where something is wrong."""
    values, errors = load(FormSchema(), request.form)
    if values.get("website") and not errors:
        errors = {"website": _NOT_A_PERSON}
    if errors:
        return _shown(slug, values=values, errors=errors), 422
    del values["website"]
    with transaction("limit", durable=False) as database:
        _open_webinar(database, slug)
        person = admit(database, values)
    try:
        with transaction("register") as database:
            was_full = commands.register(database, _webinar(database, slug), person)
    except commands.Closed:  # since it was looked at
        return form(slug)
    _keep_receipt(slug, values | {"full": was_full})
    return redirect(url_for(".receipt", slug=slug), 303)


@pages.get("/webinars/<slug>/registered")
def receipt(slug: str) -> str:
    """Show what was typed, to whoever typed it, for half an hour."""
    kept = unseal(session["receipt"]) if "receipt" in session else None
    values = kept if kept and kept["slug"] == slug else None
    with reading() as database:
        found = _webinar(database, slug)
    return render_template(
        "registration/receipt.html",
        webinar=found,
        values=values,
        answers=presenters.receipt(values) if values else [],
        meant=probably_meant(values["email"]) if values else None,
    )


@pages.get("/registrations/<token>")
def registration(token: str) -> str:
    """Show a person their own registration."""
    return _own_page("registration/registration.html", token)


@pages.get("/registrations/<token>/withdraw")
def ask_to_withdraw(token: str) -> str:
    """Ask before a place is given up."""
    return _own_page("registration/withdraw.html", token)


@pages.post("/registrations/<token>/withdraw")
def withdraw(token: str) -> Response:
    """Give up a place."""
    with transaction("withdraw") as database:
        commands.withdraw(database, _own(database, token, lock=True))
    return redirect(url_for(".registration", token=token), 303)


def _shown(slug: str, *, values: dict[str, Any], errors: dict[str, str]) -> str:
    with reading() as database:
        found = _open_webinar(database, slug)
        return render_template(
            "registration/register.html",
            webinar=found,
            is_full=found.id in queries.full(database, [found]),
            values=values,
            errors=errors,
            invitations_wording=INVITATIONS_WORDING,
        )


def _keep_receipt(slug: str, values: dict[str, Any]) -> None:
    kept = values | {"slug": slug}
    try:
        session["receipt"] = seal(kept, _RECEIPT_KEPT)
    except TooMuchToSeal:  # a cookie is small; what people need to check is name and address
        short = kept | dict.fromkeys(_LONG_ANSWERS, "") | {"shortened": True}
        session["receipt"] = seal(short, _RECEIPT_KEPT)


def _own_page(template: str, token: str) -> str:
    with reading() as database:
        own = _own(database, token)
        return render_template(
            template,
            registration=own,
            webinar=own.webinar,
            token=token,
            states=RegistrationState,
            standing=presenters.standing(own),
            answers=presenters.answers(vars(own)),
            is_closed=own.webinar.is_closed(clock()),
        )


def _own(database: Session, token: str, *, lock: bool = False) -> Registration:
    link = links().read(token, Purpose.REGISTRATION)
    own = queries.registration(database, link.id, lock=lock)
    if own is None or link.generation < own.link_generation:
        _gone(_REPLACED)
    return own


def _open_webinar(database: Session, slug: str) -> Webinar:
    found = _webinar(database, slug)
    if found.is_cancelled:
        _gone(_CANCELLED)
    if found.is_closed(clock()):
        _gone(_ENDED)
    return found


def _gone(said: Words) -> NoReturn:
    abort(answer(410, said, link=_ALL_WEBINARS))


def _webinar(database: Session, slug: str) -> Webinar:
    return queries.webinar(database, slug) or abort(404)
