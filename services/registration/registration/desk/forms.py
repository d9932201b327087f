"""The form about a webinar as a page, and what its buttons do besides saving."""

from collections.abc import Mapping
from typing import Any

from flask import render_template, request

from registration.desk.fields import MOST_PANELLISTS
from registration.desk.merging import Meanwhile
from registration.desk.panel import EMPTY, Row, rows_in
from registration.models import Webinar

REMOVE = "remove-"
_MISSING = {
    "summary": "Enter a summary: it stands on the list of webinars",
    "expect": "Enter what to expect: it stands on the webinar's page",
    "joining_link": "Enter the joining link: it is mailed to who registers",
}


def form_page(
    webinar: Webinar | None,
    values: Mapping[str, Any],
    rows: list[Row],
    *,
    errors: Mapping[str, str] = {},
    meanwhile: Meanwhile | None = None,
) -> str:
    """Return the page with the form; of a new webinar where there is none."""
    return render_template(
        "registration/desk/form.html",
        webinar=webinar,
        values=values,
        rows=rows or [EMPTY],
        errors=errors,
        meanwhile=meanwhile,
        most=MOST_PANELLISTS,
    )


def pressed() -> str:
    """Return which button was pressed."""
    return request.form.get("do", "save")


def rows_after(button: str) -> list[Row] | None:
    """Return the panel as *button* leaves it, with nothing checked or saved; None: it saves."""
    rows = rows_in(request.form)
    if button == "add":
        return [*rows, EMPTY]
    if button == "back":
        return rows
    if button.startswith(REMOVE):
        gone = button.removeprefix(REMOVE)
        return [row for number, row in enumerate(rows, start=1) if str(number) != gone]
    return None


def said_missing(missing: tuple[str, ...]) -> dict[str, str]:
    """Return what to say of the fields that are needed once a webinar is published."""
    return {name: _MISSING[name] for name in missing}
