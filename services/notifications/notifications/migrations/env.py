"""Alembic's entry: the tables of this service."""

from notifications.models import Base
from shared.messaging.models import metadata as messaging
from shared.migrations import run
from shared.staff.models import metadata as staff

run(Base.metadata, messaging, staff)
