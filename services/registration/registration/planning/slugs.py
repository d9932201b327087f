"""The last segment of a webinar's public address, made of its title."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from registration.models import Webinar
from shared import slugs


def free_slug(session: Session, title: str, own: Webinar | None = None) -> str:
    """Return a slug that no webinar but *own* has: titles come again. Raises NoSlug."""
    return slugs.free_slug(title, lambda slug: is_taken(session, slug, own))


def is_taken(session: Session, slug: str, own: Webinar | None = None) -> bool:
    """Return whether a webinar, not *own*, has this slug."""
    found = session.scalar(select(Webinar.id).where(Webinar.slug == slug))
    return found is not None and (own is None or found != own.id)
