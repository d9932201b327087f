"""Passwords: what is kept of them, and which are too easily guessed."""

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

SHORTEST, LONGEST = 12, 200
_FEWEST_DIFFERENT = 5
# Argon2id, 19 MiB, two passes: OWASP's measure, which a small server can bear several times.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hashed(password: str) -> str:
    """Return what to keep of *password*."""
    return _hasher.hash(_normal(password))


def matches(password: str, kept: str | None) -> bool:
    """Return whether *password* is the one of which *kept* is kept.

    It takes as long where nothing is kept, so that nobody can tell which accounts there are.
    """
    try:
        _hasher.verify(kept or _nobody_s(), _normal(password))
    except VerificationError:
        return False
    return kept is not None


def weakness(password: str, *, email: str) -> str | None:
    """Return what to say to somebody who chooses *password*; None where it will do."""
    if len(password) < SHORTEST:
        return f"Your password must be {SHORTEST} characters or more. Three words will do"
    if len(set(password)) < _FEWEST_DIFFERENT or password.lower() in email.lower():
        return "Your password is too easily guessed. Choose three words that nobody expects"
    return None


def _normal(password: str) -> str:
    # Keyboards write the same letter in different ways.
    return unicodedata.normalize("NFKC", password)


@cache
def _nobody_s() -> str:
    return _hasher.hash("nobody has this password")
