"""The kinds of value that an environment variable may hold, beyond marshmallow's own."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from marshmallow import fields
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from shared.links import LinkKeys

_KEY_BYTES = 32


class DatabaseUrl(fields.String):
    """An SQLAlchemy URL of PostgreSQL (by psycopg) or of an SQLite file."""

    default_error_messages = {"invalid": "Not the address of a PostgreSQL or SQLite database."}

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        try:
            url = make_url(value)
        except (ArgumentError, ValueError):
            raise self.make_error("invalid") from None
        if url.drivername == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        if url.drivername not in ("postgresql+psycopg", "sqlite") or not url.database:
            raise self.make_error("invalid")
        return url.render_as_string(hide_password=False)


class Origin(fields.String):
    """Scheme and host of a web address, without a path: "https://coproduce.example.org"."""

    default_error_messages = {"invalid": "Not a web address without a path or slash at its end."}

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs))
        if not _is_origin(text):
            raise self.make_error("invalid")
        return text


class HexKey(fields.Field[bytes]):
    """A secret of at least 32 bytes, written in hex digits."""

    default_error_messages = {"invalid": "Not at least 64 hex digits."}

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> bytes:
        try:
            key = bytes.fromhex(value)
        except ValueError:
            raise self.make_error("invalid") from None
        if len(key) < _KEY_BYTES:
            raise self.make_error("invalid")
        return key


class LinkKeysField(fields.Field[LinkKeys]):
    """The list of keys that sign links: "2:<hex>,1:<hex>"."""

    default_error_messages = {
        "invalid": "Not a list of keys of at least 64 hex digits, each with a number of its own."
    }

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> LinkKeys:
        try:
            return LinkKeys.parse(value)
        except ValueError:
            raise self.make_error("invalid") from None


class BrokerUrl(fields.String):
    """An address of RabbitMQ with user and password: "amqp://user:password@host:5672/%2F"."""

    default_error_messages = {"invalid": "Not the address of a RabbitMQ with user and password."}

    def __init__(self, *schemes: str) -> None:
        super().__init__()
        self._schemes = schemes

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs))
        try:
            parts = urlsplit(text)
            sound = parts.port != 0 and parts.scheme in self._schemes
        except ValueError:
            sound = False
        if not (sound and parts.hostname and parts.username and parts.password):
            raise self.make_error("invalid")
        return text


class Feeds(fields.Field[dict[str, str]]):
    """Where publishers' own ports are: "registration=http://registration:8000,…"."""

    default_error_messages = {"invalid": "Not a list of services and their addresses."}

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> dict[str, str]:
        pairs = [part.strip().partition("=") for part in str(value).split(",")]
        if not all(name and _is_origin(address) for name, _, address in pairs):
            raise self.make_error("invalid")
        return {name: address for name, _, address in pairs}


def _is_origin(text: str) -> bool:
    try:
        parts = urlsplit(text)
        port_is_sound = parts.port is None or parts.port > 0
    except ValueError:
        return False
    return (
        port_is_sound
        and parts.scheme in ("http", "https")
        and bool(parts.hostname)
        and text == f"{parts.scheme}://{parts.netloc}"
        and "@" not in parts.netloc
    )
