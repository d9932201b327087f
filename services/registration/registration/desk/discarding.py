"""Deleting a draft that is not wanted any more."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from registration import planning
from registration.desk.blueprint import desk, note, overtaken, refused, version_in, webinar_of
from shared.staff import Role
from shared.web import reading, transaction
from shared.web.staff import require
from shared.web.words import Words

_NOT_A_DRAFT = Words(
    title="This webinar cannot be deleted",
    meaning="It has been published: people may know of it, or be registered.",
    remedy="Go to the webinar. One that cannot take place is cancelled, and everybody is told.",
)


@desk.get("/<uuid:id>/delete")
@require(Role.EDITOR)
def ask_to_discard(id: UUID) -> str | Response:
    """Ask before a draft is deleted."""
    with reading() as database:
        webinar = webinar_of(database, id)
    if not webinar.is_draft:
        return refused(409, _NOT_A_DRAFT, id)
    return render_template("registration/desk/delete.html", webinar=webinar)


@desk.post("/<uuid:id>/delete")
@require(Role.EDITOR)
def discard(id: UUID) -> Response:
    """Delete a draft that is still as it was when somebody decided so."""
    try:
        with transaction("discard") as database:
            webinar = webinar_of(database, id, lock=True)
            planning.discard(database, webinar, version=version_in(request.form))
            note(database, "draft_deleted", webinar)
    except planning.Overtaken:
        return overtaken(id)
    except planning.NotADraft:
        return refused(409, _NOT_A_DRAFT, id)
    return redirect(url_for(".listing", deleted="draft"), 303)
