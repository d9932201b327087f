"""The form about a webinar: what can be typed into each field, and what is said of a mistake."""

from marshmallow import Schema, ValidationError, fields, validate

from registration.typed import is_https_link
from shared.web.forms import Text

LONGEST_NAME, LONGEST_BIOGRAPHY = 100, 1000
MOST_PANELLISTS = 20
_REOPEN = "Open the webinar again, then edit it"


class Whole(fields.Integer):
    """A whole number between two others."""

    def __init__(self, label: str, least: int, most: int, *, enter: str) -> None:
        said = f"{label} must be a whole number from {least} to {most:,}"
        super().__init__(
            required=True,
            validate=validate.Range(least, most, error=said),
            error_messages={"required": enter, "null": enter, "invalid": said, "too_large": said},
        )


def _https(text: str) -> None:
    if text and not is_https_link(text):
        raise ValidationError(
            "Enter the joining link in full, starting with https://, like https://example.org/join"
        )


class DetailsSchema(Schema):
    """What staff say of a webinar. What may be empty is needed before it is published."""

    title = Text(120, label="The title", enter="Enter a title")
    summary = Text(500, label="The summary")
    expect = Text(5000, label="What to expect", multiline=True)
    day = Text(2, label="The day", enter="Enter the day, as a number")
    month = Text(2, label="The month", enter="Enter the month, as a number")
    year = Text(4, label="The year", enter="Enter the year, like 2030")
    time = Text(10, label="The time", enter="Enter the time it starts, like 2:30pm")
    minutes = Whole("The length", 5, 24 * 60, enter="Enter how many minutes it lasts")
    capacity = Whole("The number of places", 1, 10_000, enter="Enter how many places there are")
    joining_link = Text(2000, label="The joining link")
    version = fields.Integer(
        load_default=0,
        validate=validate.Range(0, 2**31 - 1, error=_REOPEN),
        error_messages={"invalid": _REOPEN, "null": _REOPEN},
    )

    def __init__(self) -> None:
        super().__init__()
        self.fields["joining_link"].validators.append(_https)


class PanellistSchema(Schema):
    """Somebody on the panel."""

    name = Text(LONGEST_NAME, label="The name", enter="Enter the name of this panel member")
    biography = Text(
        LONGEST_BIOGRAPHY,
        label="The introduction",
        enter="Enter how this panel member wishes to be introduced",
        multiline=True,
    )
