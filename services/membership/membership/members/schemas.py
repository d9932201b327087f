"""What people send to join, and to change what they told us."""

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import Schema, fields, validate, validates_schema
from marshmallow.exceptions import ValidationError

from membership.members.models import Choice, ChoiceKind
from membership.members.wordings import WORDINGS, ConsentPurpose
from shared.web.addresses import EmailAddress
from shared.web.forms import Text

REACH = {"email": "Email", "phone": "Phone", "post": "Post"}
CONSENT = "consent_"  # before a purpose, the name of its box
_NOT_OFFERED = "Choose only from the list"
_NEEDED = "Tick this box if you agree. Without it we cannot make you a member"
_OTHER_WORDS = "The words beside this box have changed. Read them, then tick it if you agree"
_TOLD = ("reach", "phone", "post", "backgrounds", "locality", "interests", "access_needs")
_WHERE = {
    "phone": "Enter your phone number, or choose another way to reach you",
    "post": "Enter your postal address, or choose another way to reach you",
}


class AnswersSchema(Schema):
    """What somebody tells of themself. `answers_schema` adds what is to choose from."""

    name = Text(100, label="Your name", enter="Enter your name")
    backgrounds = fields.List(fields.String(), load_default=list)
    locality = fields.List(fields.String(), load_default=list)
    interests = fields.List(fields.String(), load_default=list)
    reach = fields.String(
        required=True,
        validate=validate.OneOf(REACH, error="Choose how we may reach you"),
        error_messages={"required": "Choose how we may reach you"},
    )
    phone = Text(40, label="Your phone number")
    post = Text(300, label="Your postal address", multiline=True)
    access_needs = Text(500, label="What would help you take part", multiline=True)

    @validates_schema(skip_on_field_errors=False)
    def can_be_reached(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse a way to reach somebody that leads nowhere."""
        way = data.get("reach")
        if way in _WHERE and not data.get(way, "missing"):
            raise ValidationError({way: [_WHERE[way]]})


class JoinSchema(AnswersSchema):
    """The same from somebody new, with a box that only programs fill in."""

    email = EmailAddress()
    website = Text(200, label="This box")


class AddressSchema(Schema):
    """Where a member wants their mail instead."""

    email = EmailAddress()


class SearchSchema(Schema):
    """What staff look for."""

    words = Text(100, label="What you look for", enter="Enter a name or an email address")


class GroupSchema(Schema):
    """What a group is called and is for."""

    name = Text(100, label="The name", enter="Enter a name")
    about = Text(1000, label="What it is for", enter="Enter what the group is for", multiline=True)


class ChoiceSchema(Schema):
    """What somebody who joins may choose."""

    label = Text(100, label="The words", enter="Enter the words that people see")


def answers_schema(
    offered: Mapping[ChoiceKind, Sequence[Choice]], base: type[AnswersSchema] = AnswersSchema
) -> Schema:
    """Return *base* with the choices *offered*; for those who join with the consents as well."""
    kinds = {
        "backgrounds": ChoiceKind.BACKGROUND,
        "locality": ChoiceKind.LOCALITY,
        "interests": ChoiceKind.INTEREST,
    }
    columns: dict[str, Any] = {
        name: _chosen([choice.code for choice in offered[kind]], single=name == "locality")
        for name, kind in kinds.items()
    }
    if base is JoinSchema:
        boxes = {CONSENT + purpose: _box(purpose) for purpose in ConsentPurpose}
        # In the order of the page, and so of the list of what is wrong.
        shown = ["name", "email", *_TOLD, *boxes, "website"]
        columns |= boxes | {"Meta": type("Meta", (), {"fields": shown})}
    made: type[Schema] = type("Offered" + base.__name__, (base,), columns)
    return made()


def agreed(values: Mapping[str, Any]) -> list[ConsentPurpose]:
    """Return what was ticked, each with the words that are shown today."""
    return [purpose for purpose in ConsentPurpose if values[CONSENT + purpose]]


def _chosen(codes: Sequence[str], *, single: bool) -> fields.List[str]:
    item = fields.String(validate=validate.OneOf(codes, error=_NOT_OFFERED))
    most = validate.Length(max=1 if single else len(codes), error=_NOT_OFFERED)
    return fields.List(item, load_default=list, validate=most)


def _box(purpose: ConsentPurpose) -> fields.String:
    """Return a box whose value is the version of the words beside it; none when it is empty."""
    current = str(WORDINGS[purpose].version)
    check = validate.OneOf([current], error=_OTHER_WORDS)
    if purpose == ConsentPurpose.RECORD:
        return fields.String(required=True, validate=check, error_messages={"required": _NEEDED})
    return fields.String(load_default="", validate=check)
