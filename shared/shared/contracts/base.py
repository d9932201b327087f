"""What every event is: a fact, its wire type, who may see it and who reacts to it."""

import dataclasses
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from types import NoneType
from typing import Any, ClassVar, Self, TypeVar, get_args, get_origin, get_type_hints
from uuid import UUID

from marshmallow import EXCLUDE, Schema, fields


class Visibility(StrEnum):
    """How far an event may travel."""

    PUBLIC = "public"  # ids and codes only: other organisations may receive it
    INTERNAL = "internal"  # may carry what a handler needs; never leaves our services


class Event:
    """Base of the facts that services publish: a frozen dataclass whose fields are the data.

    A contract only ever grows: readers ignore what they do not know, and a change that would
    break one of them is a new event, `.v2` beside `.v1`.
    """

    type: ClassVar[str]
    visibility: ClassVar[Visibility]
    consumers: ClassVar[tuple[str, ...]]
    schema: ClassVar[Schema]

    def dump(self) -> dict[str, Any]:
        """Return the data as JSON values."""
        return dict(self.schema.dump(self))

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> Self:
        """Return the event that JSON values state. Raises marshmallow's ValidationError."""
        return cls(**cls.schema.load(data))


AnyEvent = TypeVar("AnyEvent", bound=type[Event])
registry: dict[str, type[Event]] = {}


def contract(
    wire_type: str, *, visibility: Visibility, consumers: tuple[str, ...] = ()
) -> Callable[[AnyEvent], AnyEvent]:
    """Return a decorator that makes a dataclass the contract *wire_type* and registers it.

    *consumers* names the services with a handler for it.
    """

    def decorate(event: AnyEvent) -> AnyEvent:
        event.type, event.visibility, event.consumers = wire_type, visibility, consumers
        event.schema = _schema_of(event)
        registry[wire_type] = event
        return event

    return decorate


def said(meaning: str) -> Any:
    """Return a dataclass field explained by *meaning*: the catalogue prints it."""
    return dataclasses.field(metadata={"meaning": meaning})


def said_since(meaning: str) -> Any:
    """Return the field of a list that a contract has grown by: older events have an empty one."""
    return dataclasses.field(default_factory=list, metadata={"meaning": meaning})


# Strict on purpose: an instant without its zone, or a number as text, is a publisher's mistake.
_FIELDS: dict[Any, Callable[..., fields.Field[Any]]] = {
    UUID: fields.UUID,
    str: fields.String,
    int: lambda **kwargs: fields.Integer(strict=True, **kwargs),
    bool: lambda **kwargs: fields.Boolean(truthy={True}, falsy={False}, **kwargs),
    datetime: lambda **kwargs: fields.AwareDateTime(format="iso", **kwargs),
}


def _schema_of(event: type[Event]) -> Schema:
    hints = get_type_hints(event)
    columns = {f.name: _field(hints[f.name], f) for f in dataclasses.fields(event)}  # type: ignore[arg-type]
    return Schema.from_dict(columns, name=event.__name__ + "Schema")(unknown=EXCLUDE)


def _field(hint: Any, column: dataclasses.Field[Any]) -> fields.Field[Any]:
    if get_origin(hint) is list:
        item = _FIELDS[get_args(hint)[0]]()
        if column.default_factory is list:
            return fields.List(item, load_default=list)
        return fields.List(item, required=True)
    kinds = set(get_args(hint) or [hint])
    (kind,) = kinds - {NoneType}
    return _FIELDS[kind](required=True, allow_none=NoneType in kinds)
