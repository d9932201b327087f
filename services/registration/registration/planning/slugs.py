"""The last segment of a webinar's public address, made of its title."""

import re
import unicodedata

from sqlalchemy import select
from sqlalchemy.orm import Session

from registration.models import Webinar

_LONGEST = 60


class NoSlug(ValueError):
    """The title has no letter or digit that could stand in an address."""


def slug_of(title: str) -> str:
    """Return *title* as it may stand in an address. Raises NoSlug."""
    ascii_only = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_only)[:_LONGEST].strip("-")
    if not slug:
        raise NoSlug(title)
    return slug


def free_slug(session: Session, title: str, own: Webinar | None = None) -> str:
    """Return a slug that no webinar but *own* has: titles come again, year after year."""
    wanted = slug = slug_of(title)
    number = 1
    while is_taken(session, slug, own):
        number += 1
        slug = f"{wanted}-{number}"
    return slug


def is_taken(session: Session, slug: str, own: Webinar | None = None) -> bool:
    """Return whether a webinar, not *own*, has this slug."""
    found = session.scalar(select(Webinar.id).where(Webinar.slug == slug))
    return found is not None and (own is None or found != own.id)
