"""Alembic's entry: the tables of this service."""

import membership.members.models
import membership.staff.models  # noqa: F401 - their tables are among those of Base
from membership.models import Base
from shared.messaging.models import metadata as messaging
from shared.migrations import run
from shared.staff.models import metadata as staff
from shared.web.models import metadata as web

run(Base.metadata, messaging, staff, web)
