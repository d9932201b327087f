"""Saving what was typed of a webinar, or saying why it can't be."""

from uuid import UUID

from flask import redirect, url_for
from werkzeug.wrappers import Response

from registration import planning
from registration.capacity import TooFew
from registration.desk.blueprint import note, webinar_of
from registration.desk.forms import said_missing
from registration.desk.reading import Typed
from registration.desk.wrong import overtaken, wrong
from registration.details import WebinarDetails
from shared.web import transaction
from shared.web.staff import current_staff

Page = Response | str | tuple[str, int]
_OVER = "This webinar is over: its time, places and joining link can no longer be changed"


def save(id: UUID, typed: Typed, details: WebinarDetails) -> Page:
    """Save *details* and go to the webinar, or show the form again."""
    try:
        with transaction("edit") as database:
            webinar = webinar_of(database, id, lock=True)
            version, by = typed.values["version"], current_staff().name
            planning.edit(database, webinar, details, version=version, by=by)
            note(database, "webinar_changed", webinar)
    except planning.Overtaken:
        return overtaken(id, typed, details)
    except planning.Incomplete as incomplete:
        return wrong(id, typed, said_missing(incomplete.missing))
    except TooFew as refused:
        return wrong(id, typed, {"capacity": too_few(refused.taken)})
    except planning.Over:
        return wrong(id, typed, {"day": _OVER})
    return redirect(url_for("desk.overview", id=id), 303)


def too_few(taken: int) -> str:
    """Return what to say where more places are taken than there are to be."""
    have = "1 person has a place" if taken == 1 else f"{taken} people have a place"
    return f"{have} already: enter {taken} or more, or withdraw somebody first"
