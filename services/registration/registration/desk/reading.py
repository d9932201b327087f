"""Reading the form about a webinar: what was typed, what is wrong with it, or what it says."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from werkzeug.datastructures import MultiDict

from registration.desk import panel, starting
from registration.desk.fields import DetailsSchema
from registration.planning import NoSlug, PanelMember, WebinarDetails, slug_of
from shared.web.forms import load

_ADDRESS = "The title needs some letters from a to z, or digits, for its address"
_ORDER = tuple(DetailsSchema().load_fields)


class Typed(NamedTuple):
    """The form: its fields and panel as typed, what is wrong, and what it says if nothing is."""

    values: dict[str, Any]
    rows: list[panel.Row]
    errors: dict[str, str]
    details: WebinarDetails | None


def read(form: MultiDict[str, str], moment: datetime, *, known: datetime | None) -> Typed:
    """Return what *form* says at *moment*. A start that is *known* already may be in the past."""
    values, errors = load(DetailsSchema(), form)
    rows = panel.rows_in(form)
    people, about_panel = panel.read_panel(rows)
    starts_at = None
    if not errors.keys() & {*starting.FIELDS}:
        try:
            starts_at = starting.start_of(values, moment, known)
        except starting.Unusable as unusable:
            errors |= unusable.errors
    errors |= _about_title(values) if "title" not in errors else {}
    if errors or about_panel or starts_at is None:
        ordered = {name: errors[name] for name in _ORDER if name in errors}
        return Typed(values, rows, ordered | about_panel, None)
    return Typed(values, rows, {}, _details(values, starts_at, people))


def _about_title(values: Mapping[str, Any]) -> dict[str, str]:
    try:
        slug_of(values["title"])
    except NoSlug:
        return {"title": _ADDRESS}
    return {}


def _details(
    values: Mapping[str, Any], starts_at: datetime, people: tuple[PanelMember, ...]
) -> WebinarDetails:
    said = ("title", "summary", "expect", "capacity", "joining_link")
    return WebinarDetails(
        **{name: values[name] for name in said},
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=values["minutes"]),
        panel=people,
    )
