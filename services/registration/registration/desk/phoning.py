"""Registering somebody who phoned."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from registration import commands, queries
from registration.config import RegistrationSettings
from registration.desk.blueprint import desk, note, refused, webinar_of
from registration.schemas import PersonSchema
from shared.addresses import address_key
from shared.staff import Role
from shared.web import clock, reading, settings, transaction
from shared.web.forms import load
from shared.web.staff import require
from shared.web.words import Words

_CLOSED = Words(
    title="Nobody can register for this webinar",
    meaning="It is a draft, has ended or was cancelled.",
    remedy="Go to the webinar to see how it stands.",
)
# To be mailed of other webinars is asked for by people themselves: never on the phone.
_BY_PHONE = ("name", "email", "description", "access_needs", "question")


@desk.get("/<uuid:id>/registrations/new")
@require(Role.EDITOR)
def new_person(id: UUID) -> str | Response:
    """Show the form, empty."""
    return _form(id, {}, {})


@desk.post("/<uuid:id>/registrations/new")
@require(Role.EDITOR)
def register(id: UUID) -> Response | str | tuple[str | Response, int]:
    """Register a person, who is then mailed."""
    values, errors = load(PersonSchema(only=_BY_PHONE), request.form)
    if errors:
        return _form(id, values, {name: _of_another(said) for name, said in errors.items()}), 422
    key = address_key(settings(RegistrationSettings).address_key, values["email"])
    person = commands.Person(**values, address_key=key)
    try:
        with transaction("register") as database:
            webinar = webinar_of(database, id)
            commands.register(database, webinar, person)
            found = queries.registration_by(database, webinar, key)
            note(database, "registration_made", found)
    except commands.Closed:
        return refused(409, _CLOSED, id)
    return redirect(url_for(".person", id=id, registration_id=found.id), 303)


def _of_another(said: str) -> str:
    """Return what the public form says to somebody of themselves as it is said of another."""
    return said.replace("your ", "their ").replace("Your ", "Their ")


def _form(id: UUID, values: dict[str, str], errors: dict[str, str]) -> str | Response:
    with reading() as database:
        webinar = webinar_of(database, id)
        if webinar.is_closed(clock()):
            return refused(409, _CLOSED, id)
        is_full = webinar.id in queries.full(database, [webinar])
    return render_template(
        "registration/desk/phone.html",
        webinar=webinar,
        is_full=is_full,
        values=values,
        errors=errors,
    )
