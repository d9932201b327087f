"""What people type: read with kindness, kept only in forms that every reader can show."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate
from werkzeug.datastructures import MultiDict

# Control characters but tab and newline, halves of characters, and what stands for lost bytes.
_UNUSABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffd]")
_LINE_BREAKS = re.compile("[\t\n\u2028\u2029]")
# They turn round the text that follows: a name could pass for another on a list. Phones put them
# around names by themselves and nobody sees them, so they are taken out, not complained of.
_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")
_MESSAGES = {
    "invalid": "{label} must be text",
    "null": "{label} must be text",
    "invalid_utf8": "{label} must be text",
    "hidden": "{label} has a hidden character that cannot be used. "
    "Delete the text and type it again",
    "one_line": "{label} must be on one line",
}


class Text(fields.String):
    """Text as somebody typed it: trimmed, NFC, at most *max* characters, nothing hidden in it.

    *enter* is the message when nothing was typed ("Enter your name") and makes the field needed;
    *label* begins the others ("Your name must be 100 characters or fewer").
    """

    def __init__(
        self,
        max: int,
        *,
        label: str = "This",
        enter: str | None = None,
        multiline: bool = False,
        **kwargs: Any,
    ) -> None:
        messages: dict[str, Any] = {
            key: message.format(label=label) for key, message in _MESSAGES.items()
        }
        if enter:
            messages |= {"required": enter, "null": enter}
        needed: dict[str, Any] = {"required": True} if enter else {"load_default": ""}
        super().__init__(
            validate=validate.Length(
                min=1 if enter else None,
                max=max,
                error=f"{label} must be {max} characters or fewer",
            ),
            error_messages=messages,
            **needed | kwargs,
        )
        self.multiline = multiline

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs))
        text = _trimmed(text.replace("\r\n", "\n").replace("\r", "\n"))
        if _UNUSABLE.search(text):
            raise self.make_error("hidden")
        if not self.multiline:
            text = _trimmed(_OVERRIDES.sub("", text))
            if _LINE_BREAKS.search(text):
                raise self.make_error("one_line")
        if not text and self.required:
            raise self.make_error("required")
        return unicodedata.normalize("NFC", text)


def load(schema: Schema, form: MultiDict[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what *form* says and no errors; or what was typed, and a message per wrong field.

    The messages are in the order of the schema's fields, as the error summary needs them.
    """
    typed = {
        name: form.getlist(name) if isinstance(field, fields.List) else form[name]
        for name, field in schema.load_fields.items()
        if name in form
    }
    try:
        return dict(schema.load(typed)), {}
    except ValidationError as error:
        wrong = error.messages_dict
        return typed, {name: _first(wrong[name]) for name in schema.load_fields if name in wrong}


def _trimmed(text: str) -> str:
    """Return *text* without space around it; empty when there is nothing in it to see."""
    seen = any(unicodedata.category(character)[0] not in "CZ" for character in text)
    return text.strip() if seen or _UNUSABLE.search(text) else ""


def _first(messages: Any) -> str:
    while not isinstance(messages, str):
        messages = next(iter(messages.values() if isinstance(messages, Mapping) else messages))
    return messages
