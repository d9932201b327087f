"""The audit trail: what staff do is recorded with the change, and told to membership."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.contracts import notifications, registration
from shared.contracts.acts import Acted
from shared.db import now
from shared.messaging import publish
from shared.messaging.models import Instance
from shared.staff.models import StaffAct
from shared.staff.roles import Staff

# Membership tells nobody: it keeps the whole trail itself.
_TOLD: Mapping[str, type[Acted]] = {
    "notifications": notifications.StaffActed,
    "registration": registration.StaffActed,
}


def record(session: Session, staff: Staff, *, action: str, about: str) -> None:
    """Record that *staff* did *action* ("webinar_cancelled") to *about* ("webinar:<id>").

    Neither may hold anything personal: both are kept for good.
    """
    service = session.get_one(Instance, 1).source.rpartition(":")[2]
    did: dict[str, Any] = {
        "account_id": staff.account_id,
        "action": action,
        "about": about,
        "at": now(session),
    }
    act = StaffAct(service=service, **did)
    session.add(act)
    if told := _TOLD.get(service):
        publish(session, told(**did), about=act)


def was_recorded(
    session: Session, staff: Staff, *, action: str, about: str, within: timedelta
) -> bool:
    """Return whether the same was recorded lately."""
    same = select(StaffAct.id).where(
        StaffAct.account_id == staff.account_id,
        StaffAct.at > now(session) - within,
        StaffAct.action == action,
        StaffAct.about == about,
    )
    return session.scalars(same.limit(1)).first() is not None
