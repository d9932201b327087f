"""What all of membership's own tables stand on."""

from sqlalchemy.orm import DeclarativeBase

from shared.db import metadata as new_metadata


class Base(DeclarativeBase):
    """Base of membership's own tables."""

    metadata = new_metadata()
