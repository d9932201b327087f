"""Keeping what somebody typed in their own cookie: unreadable there, and gone after a while."""

import base64
import json
import zlib
from datetime import timedelta
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.web import house

# A browser drops a cookie above 4096 bytes without a word; the session encodes the seal once more.
LONGEST = 2800  # characters of a seal


class TooMuchToSeal(ValueError):
    """The value does not fit into a cookie."""


def seal(value: dict[str, Any], seconds: int) -> str:
    """Return *value* (JSON values) sealed for *seconds*. Raises TooMuchToSeal.

    About 2,000 bytes fit, some twice as much of plain prose: cut long texts short first.
    """
    until = (house.clock() + timedelta(seconds=seconds)).timestamp()
    text = json.dumps([until, value], ensure_ascii=False, separators=(",", ":"))
    token = _fernet().encrypt(zlib.compress(text.encode())).decode("ascii")
    if len(token) > LONGEST:
        raise TooMuchToSeal(f"{len(token)} characters")
    return token


def unseal(token: str) -> dict[str, Any] | None:
    """Return what was sealed; None when its time is over or it is not one of our seals."""
    try:
        until, value = json.loads(zlib.decompress(_fernet().decrypt(token)))
    except (InvalidToken, ValueError):
        return None
    return dict(value) if house.clock().timestamp() < until else None


def _fernet() -> Fernet:
    # A key of its own: SECRET_KEY itself signs cookies.
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"coproduce sealed cookie")
    key = derived.derive(house.settings().secret_key)
    return Fernet(base64.urlsafe_b64encode(key))
