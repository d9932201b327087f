"""Where somebody finds help now: said on every page and in every mail."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import fields

_LINE = re.compile(r"\s*(?P<number>[0-9](?: ?[0-9]){1,14}) (?P<words>\S[^;]{0,119})")


@dataclass(frozen=True)
class HelpLine:
    """A telephone number, and what follows "Call" and the number: "in an emergency"."""

    number: str
    words: str

    @property
    def dialled(self) -> str:
        """Return the number as a link to it says it, without spaces."""
        return self.number.replace(" ", "")


class HelpLines(fields.Field[tuple[HelpLine, ...]]):
    """Numbers to call, each with its words: "999 in an emergency; 116 123 to talk"."""

    default_error_messages = {
        "invalid": "Not a list of telephone numbers, each followed by its words."
    }

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> tuple[HelpLine, ...]:
        found = [_LINE.fullmatch(part) for part in str(value).rstrip("; ").split(";")]
        lines = [HelpLine(line["number"], line["words"].rstrip()) for line in found if line]
        if len(lines) < len(found):
            raise self.make_error("invalid")
        return tuple(lines)


# NHS 111 and Samaritans, as they say it themselves.
HELP_LINES = (
    HelpLine("999", "in an emergency, when a life is at risk"),
    HelpLine("111", "and choose option 2 for mental health"),
    HelpLine("116 123", "to talk to Samaritans, free, day or night"),
)
