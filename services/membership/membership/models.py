"""Members and their groups will stand here; so far membership keeps only what carries events."""

from sqlalchemy.orm import DeclarativeBase

from shared.db import metadata as new_metadata


class Base(DeclarativeBase):
    """Base of membership's own tables."""

    metadata = new_metadata()
