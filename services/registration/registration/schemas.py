"""What people and programs send to register, and what programs are told of webinars."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields

from shared.web.addresses import EmailAddress
from shared.web.forms import Text

_TICK = "Tick the box or leave it empty: true or false"


class TrueOrFalse(fields.Boolean):
    """JSON's true or false: nobody is taken to agree by another word or a number."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class PersonSchema(Schema):
    """Who wishes to come."""

    name = Text(100, label="Your name", enter="Enter your name")
    email = EmailAddress()
    description = Text(500, label="What describes you", multiline=True)
    access_needs = Text(500, label="What would help you take part", multiline=True)
    question = Text(1000, label="Your question for the panel", multiline=True)
    wants_invitations: fields.Boolean = TrueOrFalse(
        load_default=False,
        error_messages={"invalid": _TICK},
        metadata={"description": "Whether to be told of future webinars; needs the person's say"},
    )


class FormSchema(PersonSchema):
    """The same from the form, with a box that only programs fill in."""

    wants_invitations = fields.Boolean(load_default=False, error_messages={"invalid": _TICK})
    website = Text(200, label="This box")


class PanellistSchema(Schema):
    """Somebody on the panel."""

    name = fields.String(required=True)
    biography = fields.String(required=True)


class WebinarSchema(Schema):
    """A webinar as the public may know it."""

    slug = fields.String(required=True)
    url = fields.Url(required=True, metadata={"description": "Its page for people"})
    title = fields.String(required=True)
    summary = fields.String(required=True)
    what_to_expect = fields.String(required=True, attribute="expect")
    panel = fields.List(fields.Nested(PanellistSchema), required=True)
    starts_at = fields.AwareDateTime(required=True, format="iso")
    ends_at = fields.AwareDateTime(required=True, format="iso")
    open = fields.Boolean(
        required=True, metadata={"description": "Whether anyone can still register"}
    )
    full = fields.Boolean(
        required=True,
        metadata={"description": "Whether who registers now goes on the waiting list"},
    )


class WebinarListSchema(Schema):
    """The webinars that have not ended, the soonest first."""

    webinars = fields.List(fields.Nested(WebinarSchema), required=True)


class ReceivedSchema(Schema):
    """The same whether or not the address is registered already: nobody learns who is."""

    webinar = fields.String(required=True)
    full = fields.Boolean(
        required=True, metadata={"description": "Whether every place was taken at that moment"}
    )
    next_step = fields.String(required=True)
