"""A new webinar, seen by staff alone."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from registration import planning
from registration.desk.blueprint import desk, note
from registration.desk.forms import form_page, pressed, rows_after
from registration.desk.reading import read
from shared.staff import Role
from shared.web import clock, transaction
from shared.web.staff import require


@desk.get("/new")
@require(Role.EDITOR)
def blank() -> str:
    """Show the form, empty."""
    return form_page(None, {}, [])


@desk.post("/new")
@require(Role.EDITOR)
def create() -> Response | str | tuple[str, int]:
    """Keep a draft; show the form again where something is wrong."""
    if (rows := rows_after(pressed())) is not None:
        return form_page(None, request.form, rows)
    typed = read(request.form, clock(), known=None)
    if typed.details is None:
        return form_page(None, typed.values, typed.rows, errors=typed.errors), 422
    with transaction("draft") as database:
        webinar = planning.draft(database, typed.details)
        note(database, "webinar_drafted", webinar)
    return redirect(url_for(".overview", id=webinar.id), 303)
