"""Withdrawing somebody who phoned."""

from uuid import UUID

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from registration import commands
from registration.desk.blueprint import desk, note, registration_of
from registration.models import RegistrationState
from shared.staff import Role
from shared.web import clock, reading, transaction
from shared.web.staff import require


@desk.get("/<uuid:id>/registrations/<uuid:registration_id>/withdraw")
@require(Role.EDITOR)
def ask_to_withdraw(id: UUID, registration_id: UUID) -> str:
    """Ask before a person's place is given up."""
    with reading() as database:
        registration = registration_of(database, id, registration_id)
        return render_template(
            "registration/desk/withdraw.html",
            webinar=registration.webinar,
            registration=registration,
            is_closed=registration.webinar.is_closed(clock()),
            states=RegistrationState,
        )


@desk.post("/<uuid:id>/registrations/<uuid:registration_id>/withdraw")
@require(Role.EDITOR)
def withdraw(id: UUID, registration_id: UUID) -> Response:
    """Give up a person's place for them; they are mailed."""
    with transaction("withdraw") as database:
        registration = registration_of(database, id, registration_id, lock=True)
        commands.withdraw(database, registration)
        note(database, "registration_withdrawn", registration)
    return redirect(url_for(".person", id=id, registration_id=registration_id), 303)
