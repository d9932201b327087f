"""Before a change of a published webinar is saved: what is different, and who will be told what."""

from uuid import UUID

from flask import redirect, render_template, request, url_for

from registration import statistics
from registration.desk import audience
from registration.desk.blueprint import webinar_of
from registration.desk.forms import said_missing
from registration.desk.reading import Typed
from registration.desk.saving import Page, too_few
from registration.desk.showing import differences
from registration.desk.wrong import wrong
from registration.details import WebinarDetails, details_of
from registration.models import RegistrationState
from registration.uktime import clocks_on
from shared.web import reading


def check(id: UUID, typed: Typed, details: WebinarDetails) -> Page:
    """Return the page that asks whether to save *details*, with all of the form in it."""
    with reading() as database:
        webinar = webinar_of(database, id)
        before = details_of(webinar)
        different = differences(before, details)
        taken = statistics.standings(database, webinar)[RegistrationState.CONFIRMED]
        letters = audience.of_change(database, webinar, before, details)
    if not different:
        return redirect(url_for("desk.overview", id=id), 303)
    if details.missing:
        return wrong(id, typed, said_missing(details.missing))
    if details.capacity < taken:
        return wrong(id, typed, {"capacity": too_few(taken)})
    is_moved = before.starts_at != details.starts_at
    return render_template(
        "registration/desk/check.html",
        webinar=webinar,
        differences=different,
        letters=letters,
        clocks=clocks_on(details.starts_at) if is_moved else None,
        typed=[pair for pair in request.form.items(multi=True) if pair[0] not in _NOT_TYPED],
    )


_NOT_TYPED = ("csrf_token", "do")
