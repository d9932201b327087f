"""Alembic's entry: the tables of this service."""

from registration.models import Base
from shared.messaging.models import metadata as messaging
from shared.migrations import run
from shared.staff.models import metadata as staff
from shared.web.models import metadata as web

run(Base.metadata, messaging, web, staff)
