"""The form field for an e-mail address: what can't be used is said in words that help."""

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError

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
        super().__init__(
            _LONGEST,
            label="Your email address",
            enter="Enter your email address",
            metadata={"format": "email"},
        )

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


def _what_is_wrong(typed: str) -> str:
    local_part = typed.rpartition("@")[0]
    if not local_part.isascii():
        return _ONLY_ASCII
    if len(local_part) > _LONGEST_LOCAL_PART:
        return _LONG_LOCAL_PART
    return _TOO_LONG if len(typed) > _LONGEST else _FORMAT
