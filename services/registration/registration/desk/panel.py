"""The part of the form in which the people on the panel are introduced."""

from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from registration.desk.fields import MOST_PANELLISTS, PanellistSchema
from registration.details import PanelMember

Row = dict[str, str]
EMPTY: Row = {"name": "", "biography": ""}


def rows_in(form: MultiDict[str, str]) -> list[Row]:
    """Return what was typed of each panel member, without those of whom nothing was."""
    pairs = zip(form.getlist("panel_name"), form.getlist("panel_biography"), strict=False)
    rows = [{"name": name, "biography": biography} for name, biography in pairs]
    return [row for row in rows if any(text.strip() for text in row.values())]


def read_panel(rows: list[Row]) -> tuple[tuple[PanelMember, ...], dict[str, str]]:
    """Return the panel, and what is wrong with it by the ids of the fields."""
    panel: list[PanelMember] = []
    errors: dict[str, str] = {}
    for number, row in enumerate(rows, start=1):
        try:
            panel.append(PanelMember(**PanellistSchema().load(row)))
        except ValidationError as error:
            for name, messages in error.messages_dict.items():
                errors[f"panel_{name}_{number}"] = f"{messages[0]} (person {number})"
    if len(rows) > MOST_PANELLISTS:
        last = f"panel_name_{len(rows)}"
        errors[last] = f"The panel must be {MOST_PANELLISTS} people or fewer"
    return tuple(panel), errors
