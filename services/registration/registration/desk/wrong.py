"""The form about a webinar again: something in it is wrong, or somebody else was quicker."""

from collections.abc import Mapping
from uuid import UUID

from registration.desk.blueprint import webinar_of
from registration.desk.forms import form_page
from registration.desk.merging import meanwhile
from registration.desk.reading import Typed
from registration.desk.showing import as_typed
from registration.details import WebinarDetails
from shared.web import reading

_REOPEN = "This form is too old. Copy what you typed, then open the webinar again"


def wrong(id: UUID, typed: Typed, errors: Mapping[str, str]) -> tuple[str, int]:
    """Return the form as it was typed, with what is wrong with it."""
    with reading() as database:
        webinar = webinar_of(database, id)
    return form_page(webinar, typed.values, typed.rows, errors=errors), 422


def overtaken(id: UUID, typed: Typed, details: WebinarDetails) -> tuple[str, int]:
    """Return the form with what both have typed, and what the other has changed meanwhile."""
    with reading() as database:
        webinar = webinar_of(database, id)
        both = meanwhile(database, webinar, typed.values["version"], details)
    if both is None:
        return form_page(webinar, typed.values, typed.rows, errors={"title": _REOPEN}), 422
    values, rows = as_typed(both.merged)
    now = values | {"version": webinar.version}
    return form_page(webinar, now, rows, meanwhile=both), 409
