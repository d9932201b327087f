"""The two tables behind pages and APIs: how often something was asked, and what was answered."""

from sqlalchemy import Column, Index, Integer, Table, Text

from shared.db import UtcDateTime
from shared.db import metadata as new_metadata

metadata = new_metadata()

rate_limit = Table(
    "rate_limit",
    metadata,
    Column("bucket", Text, primary_key=True),
    Column("window_start", UtcDateTime, primary_key=True),
    Column("hits", Integer, nullable=False),
    Index(None, "window_start"),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False, index=True),
)
