"""Mails that are due, each to an address of its own that permits invitations."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import insert
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from notifications.models import (
    Delivery,
    DeliveryState,
    Lane,
    PermissionStatement,
    Purpose,
    Template,
)
from shared.db import database_now
from tests.support.mails import NOON, ONE

_AT_ONCE = 5_000  # rows of one statement
_TEMPLATES = {Lane.SERVICE: Template.WITHDRAWN, Lane.BULK: Template.INVITATION}
WEBINAR = {
    "webinar_title": "Sleeping better",
    "webinar_slug": "sleeping-better",
    "summary": "What helps.",
    "starts_at": NOON.isoformat(),
    "ends_at": ONE.isoformat(),
    "link_generation": 0,
}


def make_due(session: Session, lane: Lane, numbers: range) -> None:
    """Make a mail of *lane* due to each of these numbers."""
    moment = database_now(session)
    for first in range(0, len(numbers), _AT_ONCE):
        part = numbers[first : first + _AT_ONCE]
        session.execute(insert(Delivery), [_delivery(lane, number, moment) for number in part])
        session.execute(insert(PermissionStatement), [_statement(number) for number in part])


def _delivery(lane: Lane, number: int, moment: datetime) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "event_id": uuid4(),
        "template": _TEMPLATES[lane],
        "lane": lane,
        "subject": uuid4(),
        "subject_version": 1,
        "address_key": f"{number:064x}",
        "address": f"p{number}@example.org",
        "name": f"P{number}",
        "context": WEBINAR,
        "state": DeliveryState.DUE,
        "created_at": moment,
        "due_at": moment,
    }


def _statement(number: int) -> dict[str, Any]:
    return {
        "event_id": uuid4(),
        "source": "test",
        "address_key": f"{number:064x}",
        "purpose": Purpose.WEBINAR_INVITATIONS,
        "basis": "consent",
        "wording": "w",
        "given": True,
        "proven": True,
        "stated_at": NOON,
    }
