"""What notifications' own tables have in common."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import DeclarativeBase

from shared.db import metadata as new_metadata


class Base(DeclarativeBase):
    """Base of notifications' own tables."""

    metadata = new_metadata()


def where(condition: str) -> dict[str, Any]:
    """Return what makes an index hold only the rows that satisfy *condition*."""
    return {"postgresql_where": text(condition), "sqlite_where": text(condition)}
