"""Cancelling a webinar, after a look at who will be told what."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response

from registration import planning
from registration.desk import audience
from registration.desk.blueprint import desk, note, overtaken, refused, version_in, webinar_of
from shared.staff import Role
from shared.web import clock, reading, transaction
from shared.web.forms import Text, load
from shared.web.staff import current_staff, require
from shared.web.words import Words

_OVER = Words(
    title="This webinar cannot be cancelled",
    meaning="It has ended, was cancelled already, or was never published.",
    remedy="Go to the webinar to see how it stands.",
)


class MessageSchema(Schema):
    """What people are told besides."""

    message = Text(1000, label="The message", multiline=True)


@desk.get("/<uuid:id>/cancel")
@require(Role.EDITOR)
def ask_to_cancel(id: UUID) -> str | Response:
    """Ask before a webinar is cancelled."""
    return _question(id, {}, {})


@desk.post("/<uuid:id>/cancel")
@require(Role.EDITOR)
def cancel(id: UUID) -> Response | str | tuple[str | Response, int]:
    """Cancel a webinar; everybody registered is told."""
    values, errors = load(MessageSchema(), request.form)
    if errors:
        return _question(id, values, errors), 422
    try:
        with transaction("cancel") as database:
            webinar = webinar_of(database, id, lock=True)
            planning.cancel(
                database,
                webinar,
                message=values["message"],
                version=version_in(request.form),
                by=current_staff().name,
            )
            note(database, "webinar_cancelled", webinar)
    except planning.Overtaken:
        return overtaken(id)
    except planning.Over:
        return refused(409, _OVER, id)
    return redirect(url_for(".overview", id=id), 303)


def _question(id: UUID, values: dict[str, str], errors: dict[str, str]) -> str | Response:
    with reading() as database:
        webinar = webinar_of(database, id)
        if webinar.is_closed(clock()):
            return refused(409, _OVER, id)
        letter = audience.of_cancellation(database, webinar)
    return render_template(
        "registration/desk/cancel.html",
        webinar=webinar,
        letter=letter,
        values=values,
        errors=errors,
    )
