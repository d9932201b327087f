"""The envelope of every event: CloudEvents 1.0 as structured JSON, the same on every route."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

CONTENT_TYPE = "application/cloudevents+json"


class UnreadableMessage(Exception):
    """These bytes are not one of our events."""


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """An event as it travels. `subjectversion` counts one subject's events, 1..n without gap;
    `sequence` those of the whole source, written with 20 digits so that text sorts as numbers.
    An event without `data` is one whose data was blanked: it took effect long ago, or must not.
    """

    id: UUID
    source: str
    type: str
    time: datetime
    subject: str
    subjectversion: int
    sequence: str
    correlationid: str
    causationid: str | None
    traceparent: str
    dataref: str | None
    data: dict[str, Any] | None

    def to_bytes(self) -> bytes:
        """Return the JSON of CloudEvents 1.0, attributes that say nothing left out."""
        attributes = vars(self) | {
            "specversion": "1.0",
            "id": str(self.id),
            "time": self.time.isoformat().replace("+00:00", "Z"),
            "datacontenttype": "application/json",
            "dataschema": f"urn:coproduce:event:{self.type}",
        }
        stated = {name: value for name, value in attributes.items() if value is not None}
        return json.dumps(stated, separators=(",", ":"), ensure_ascii=False).encode()

    @classmethod
    def from_bytes(cls, body: bytes) -> Self:
        """Return the envelope that *body* states. Raises UnreadableMessage."""
        try:
            attributes = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise UnreadableMessage("not JSON") from error
        if not isinstance(attributes, dict) or attributes.get("specversion") != "1.0":
            raise UnreadableMessage("not CloudEvents 1.0")
        return cls(**{name: _read(attributes, name) for name in _READERS})


def _read(attributes: dict[str, Any], name: str) -> Any:
    value = attributes.get(name)
    if value is None and name in _OPTIONAL:
        return None
    try:
        return _READERS[name](value)
    except (ValueError, TypeError, AttributeError) as error:
        raise UnreadableMessage(f"{name} is missing or wrong") from error


def _matching(pattern: str) -> Callable[[Any], str]:
    match = re.compile(pattern).fullmatch

    def read(value: Any) -> str:
        if not match(value):
            raise ValueError
        return str(value)

    return read


def _only(kind: type) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if type(value) is not kind:
            raise TypeError
        return value

    return read


def _count(value: Any) -> int:
    if type(value) is not int or value < 1:
        raise ValueError
    return value


def _instant(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError
    return moment


# Printable ASCII only: these become routing keys, index entries and lines of a log.
_word = _matching(r"[\x21-\x7e]{1,200}")
# By hand, not by a schema, which took several times as long: each event is read twice on its way.
_READERS: dict[str, Callable[[Any], Any]] = {
    "id": UUID,
    "source": _word,
    "type": _word,
    "time": _instant,
    "subject": _word,
    "subjectversion": _count,
    "sequence": _matching("[0-9]{20}"),
    "correlationid": _word,
    "causationid": _word,
    "traceparent": _word,
    "dataref": _only(str),
    "data": _only(dict),
}
_OPTIONAL = {"causationid", "dataref", "data"}
