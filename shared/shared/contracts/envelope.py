"""The envelope of every event: CloudEvents 1.0 as structured JSON, the same on every route."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

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
            attributes: dict[str, Any] = _schema.load(json.loads(body))
        except (ValueError, ValidationError, RecursionError) as error:
            raise UnreadableMessage(str(error)) from error
        attributes.pop("specversion")
        return cls(**attributes)


# Printable ASCII only: these become routing keys, index entries and lines of a log.
_WORD = validate.Regexp(r"[\x21-\x7e]{1,200}\Z")


class _EnvelopeSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    specversion = fields.String(required=True, validate=validate.Equal("1.0"))
    id = fields.UUID(required=True)
    source = fields.String(required=True, validate=_WORD)
    type = fields.String(required=True, validate=_WORD)
    time = fields.AwareDateTime(required=True)
    subject = fields.String(required=True, validate=_WORD)
    subjectversion = fields.Integer(required=True, strict=True, validate=validate.Range(min=1))
    sequence = fields.String(required=True, validate=validate.Regexp(r"[0-9]{20}\Z"))
    correlationid = fields.String(required=True, validate=_WORD)
    causationid = fields.String(load_default=None, validate=_WORD)
    traceparent = fields.String(required=True, validate=_WORD)
    dataref = fields.String(load_default=None)
    data = fields.Dict(load_default=None)


_schema = _EnvelopeSchema()
