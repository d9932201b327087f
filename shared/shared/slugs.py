"""Names for addresses and codes, made of what people call a thing."""

import re
import unicodedata
from collections.abc import Callable

_LONGEST = 60


class NoSlug(ValueError):
    """The name has no letter or digit that could stand in an address."""


def slug_of(name: str) -> str:
    """Return *name* as it may stand in an address. Raises NoSlug."""
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_only)[:_LONGEST].strip("-")
    if not slug:
        raise NoSlug(name)
    return slug


def free_slug(name: str, is_taken: Callable[[str], bool]) -> str:
    """Return the first of name, name-2, name-3 … that is not taken. Raises NoSlug."""
    wanted = slug = slug_of(name)
    number = 1
    while is_taken(slug):
        number += 1
        slug = f"{wanted}-{number}"
    return slug
