"""Everybody registered for a webinar as a table for a spreadsheet program."""

from uuid import UUID

from flask import Response

from registration import people
from registration.desk.blueprint import desk, note, webinar_of
from registration.models import Registration
from shared.clock import LONDON
from shared.staff import Role
from shared.web import reading, transaction
from shared.web.staff import require
from shared.web.tables import count_one, handed_over

_HEAD = (
    "Name",
    "Email address",
    "Standing",
    "Registered (UK time)",
    "What describes them",
    "What would help them take part",
    "Question for the panel",
)


@desk.post("/<uuid:id>/registrations/export")
@require(Role.EDITOR)
def export(id: UUID) -> Response:
    """Hand over the table; who took it stands in the audit trail."""
    with transaction("limit") as database:
        count_one(database)
        note(database, "registrations_exported", webinar_of(database, id))
    with reading() as database:
        webinar = webinar_of(database, id)
        rows = map(_row, people.every(database, webinar))
    return handed_over(f"{webinar.slug}-registrations", _HEAD, rows)


def _row(registration: Registration) -> tuple[str, ...]:
    local = registration.registered_at.astimezone(LONDON)
    return (
        registration.name,
        registration.email,
        registration.state,
        f"{local:%Y-%m-%d %H:%M}",
        registration.description,
        registration.access_needs,
        registration.question,
    )
