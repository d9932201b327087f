"""Everybody registered for a webinar as a table for a spreadsheet program."""

from datetime import timedelta
from uuid import UUID

from flask import Response

from registration import people
from registration.desk.blueprint import desk, note, webinar_of
from registration.models import Registration
from registration.table import as_csv
from shared.clock import LONDON
from shared.staff import Role
from shared.web import reading, transaction
from shared.web.limits import Window, hit
from shared.web.staff import current_staff, require

_AN_HOUR = 20  # tables that one account may take
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
    bucket = f"exports:account:{current_staff().account_id}"
    hourly = Window(bucket=bucket, limit=_AN_HOUR, per=timedelta(hours=1))
    with transaction("limit") as database:
        hit(database, hourly)
        note(database, "registrations_exported", webinar_of(database, id))
    with reading() as database:
        webinar = webinar_of(database, id)
        table = as_csv(_HEAD, map(_row, people.every(database, webinar)))
    name = f"{webinar.slug}-registrations.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(table, headers=headers, content_type="text/csv; charset=utf-8")


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
