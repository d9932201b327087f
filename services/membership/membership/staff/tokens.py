"""Random secrets that are given away once; only their hashes are kept."""

import base64
import hashlib
import secrets


def new_token() -> str:
    """Return a secret that nobody can guess, fit for an address or a cookie."""
    return secrets.token_urlsafe(32)


def new_recovery_code() -> str:
    """Return 80 random bits as somebody can copy them by hand: "abcd-efgh-2345-wxyz"."""
    text = base64.b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(text[start : start + 4] for start in range(0, 16, 4))


def hash_of(secret: str) -> str:
    """Return what is kept of *secret*: it has too many bits to be found again."""
    return hashlib.sha256(secret.encode()).hexdigest()
