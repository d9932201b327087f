"""Publishing a draft, after a look at it as the public will see it."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from registration import planning
from registration.desk.blueprint import desk, note, overtaken, refused, version_in, webinar_of
from registration.details import details_of
from registration.uktime import clocks_on
from shared.staff import Role
from shared.web import clock, reading, transaction
from shared.web.staff import current_staff, require
from shared.web.words import Words

_NOT_READY = Words(
    title="This webinar cannot be published yet",
    meaning="Something is missing, its time has passed, or it is published already.",
    remedy="Go to the webinar: it says what is missing.",
)


@desk.get("/<uuid:id>/publish")
@require(Role.VIEWER)
def preview(id: UUID) -> str:
    """Show a webinar as the public will see it, with the button that publishes a draft."""
    with reading() as database:
        webinar = webinar_of(database, id)
        return render_template(
            "registration/desk/publish.html",
            webinar=webinar,
            is_past=webinar.starts_at <= clock(),
            missing=details_of(webinar).missing,
            clocks=clocks_on(webinar.starts_at),
            may_change=current_staff().role.allows(Role.EDITOR),
        )


@desk.post("/<uuid:id>/publish")
@require(Role.EDITOR)
def publish(id: UUID) -> Response:
    """Open a webinar to registrations."""
    try:
        with transaction("publish") as database:
            webinar = webinar_of(database, id, lock=True)
            version, by = version_in(request.form), current_staff().name
            planning.publish(database, webinar, version=version, by=by)
            note(database, "webinar_published", webinar)
    except planning.Overtaken:
        return overtaken(id)
    except (planning.Incomplete, planning.NotADraft, planning.Over):
        return refused(409, _NOT_READY, id)
    return redirect(url_for(".overview", id=id), 303)
