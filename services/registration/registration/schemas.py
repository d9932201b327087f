"""What people and programs send to register, and what programs are told of webinars."""

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields

from shared.addresses import NotAnAddress, ascii_form
from shared.web.forms import Text

_FORMAT = "Enter an email address in the correct format, like name@example.com"
_ONLY_ASCII = (
    "Enter an email address that has only English letters, digits and signs before the @. "
    "Most email services cannot deliver to others"
)
_LONG_LOCAL_PART = "The part of your email address before the @ must be 64 characters or fewer"
_TOO_LONG = "Your email address must be 254 characters or fewer"
_LONGEST_LOCAL_PART = 64  # octets: RFC 5321 section 4.5.3.1.1
_LONGEST = 254  # octets: RFC 5321 section 4.5.3.1.3, without the angle brackets


class EmailAddress(Text):
    """An address that mail can be sent to, in ASCII form."""

    def __init__(self) -> None:
        super().__init__(_LONGEST, label="Your email address", enter="Enter your email address")

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        # What comes along when an address is copied from a page or a sentence.
        typed = re.sub(r"^mailto:", "", text, flags=re.IGNORECASE).rstrip(".,;")
        try:
            return ascii_form(typed)
        except NotAnAddress:
            raise ValidationError(_what_is_wrong(typed)) from None


class PersonSchema(Schema):
    """Who wishes to come."""

    name = Text(100, label="Your name", enter="Enter your name")
    email = EmailAddress()
    description = Text(500, label="What describes you", multiline=True)
    access_needs = Text(500, label="What would help you take part", multiline=True)
    question = Text(1000, label="Your question for the panel", multiline=True)
    wants_invitations = fields.Boolean(
        load_default=False,
        error_messages={"invalid": "Tick the box or leave it empty: true or false"},
        metadata={"description": "Whether to be told of future webinars; needs the person's say"},
    )


class FormSchema(PersonSchema):
    """The same from the form, with a box that only programs fill in."""

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


def _what_is_wrong(typed: str) -> str:
    local_part = typed.rpartition("@")[0]
    if not local_part.isascii():
        return _ONLY_ASCII
    if len(local_part) > _LONGEST_LOCAL_PART:
        return _LONG_LOCAL_PART
    return _TOO_LONG if len(typed) > _LONGEST else _FORMAT
