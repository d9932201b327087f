"""Editing a webinar: a draft at once, a published one after a look at who is told what."""

from uuid import UUID

from flask import request

from registration.desk.blueprint import desk, webinar_of
from registration.desk.checking import check
from registration.desk.forms import form_page, pressed, rows_after
from registration.desk.reading import read
from registration.desk.saving import Page, save
from registration.desk.showing import as_typed
from registration.desk.wrong import overtaken, wrong
from registration.details import details_of
from shared.staff import Role
from shared.web import clock, reading
from shared.web.staff import require


@desk.get("/<uuid:id>/edit")
@require(Role.EDITOR)
def form(id: UUID) -> str:
    """Show the form with what is said of the webinar now."""
    with reading() as database:
        webinar = webinar_of(database, id)
        values, rows = as_typed(details_of(webinar))
    return form_page(webinar, values | {"version": webinar.version}, rows)


@desk.post("/<uuid:id>/edit")
@require(Role.EDITOR)
def edit(id: UUID) -> Page:
    """Save the form, or show it again, or show first what a change means for others."""
    with reading() as database:
        webinar = webinar_of(database, id)
    if (rows := rows_after(pressed())) is not None:
        return form_page(webinar, request.form, rows)
    typed = read(request.form, clock(), known=webinar.starts_at)
    if typed.details is None:
        return wrong(id, typed, typed.errors)
    if typed.values["version"] != webinar.version:
        return overtaken(id, typed, typed.details)
    if not webinar.is_draft and pressed() != "confirm":
        return check(id, typed, typed.details)
    return save(id, typed, typed.details)
