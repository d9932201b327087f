"""Links that prove themselves: derived from what they open, so none is stored and none leaks."""

import base64
import hashlib
import hmac
import re
import struct
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

_PAYLOAD = struct.Struct(">BI16s")
_MAC_BYTES = 18
_KEY = re.compile(r"(?:[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5]):(?:[0-9a-fA-F]{2}){32,}")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{52}")


class Purpose(StrEnum):
    """What a link may be used for; also the first segment of its path."""

    REGISTRATION = "registrations"
    JOINING = "join"
    MEMBER = "members"
    ADDRESS = "addresses"
    PREFERENCES = "preferences"
    UNSUBSCRIBE = "unsubscribe"


class BrokenLink(Exception):
    """The link was cut short, changed, or made for another purpose."""


@dataclass(frozen=True, kw_only=True)
class Link:
    """What a link opens. A generation below the row's own has been revoked."""

    id: UUID
    generation: int


@dataclass(frozen=True)
class LinkKeys:
    """The signing keys shared by the services: the first signs, every one is still honoured."""

    by_id: dict[int, bytes] = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> "LinkKeys":
        """Return the keys written as "2:<hex>,1:<hex>". Raises ValueError when it isn't so."""
        pairs = [part.strip().partition(":") for part in text.split(",")]
        if not all(_KEY.fullmatch(number + ":" + secret) for number, _, secret in pairs):
            raise ValueError(
                "each key is a number from 1 to 255, a colon and 64 hex digits or more"
            )
        keys = {int(number): bytes.fromhex(secret) for number, _, secret in pairs}
        if len(keys) < len(pairs):
            raise ValueError("two keys have the same number")
        return cls(keys)

    @property
    def signing(self) -> int:
        """Return the number of the key that signs new links."""
        return next(iter(self.by_id))


@dataclass(frozen=True)
class Links:
    """Makes and reads links of one installation."""

    keys: LinkKeys
    base_url: str

    def url(self, purpose: Purpose, target: UUID, generation: int) -> str:
        """Return the whole address to put into a mail."""
        return f"{self.base_url}/{purpose}/{self.token(purpose, target, generation)}"

    def token(self, purpose: Purpose, target: UUID, generation: int) -> str:
        """Return the last segment of the link: 52 URL-safe characters."""
        payload = _PAYLOAD.pack(self.keys.signing, generation, target.bytes)
        mac = _mac(self.keys.by_id[self.keys.signing], purpose, payload)
        return base64.urlsafe_b64encode(payload + mac).decode("ascii")

    def read(self, token: str, purpose: Purpose) -> Link:
        """Return what *token* opens. Raises BrokenLink; compares in constant time."""
        if not _TOKEN.fullmatch(token):
            raise BrokenLink
        raw = base64.urlsafe_b64decode(token)
        payload, mac = raw[: _PAYLOAD.size], raw[_PAYLOAD.size :]
        number, generation, target = _PAYLOAD.unpack(payload)
        key = self.keys.by_id.get(number)
        if key is None or not hmac.compare_digest(mac, _mac(key, purpose, payload)):
            raise BrokenLink
        return Link(id=UUID(bytes=target), generation=generation)


def _mac(key: bytes, purpose: Purpose, payload: bytes) -> bytes:
    return hmac.digest(key, purpose.encode() + b"\0" + payload, hashlib.sha256)[:_MAC_BYTES]
