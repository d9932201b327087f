"""Finding mails for staff, however many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from notifications.erasing import ERASED
from notifications.models import Delivery, DeliveryState, Receipt, Template
from shared.staff.models import StaffAct

PAGE = 50
# What no index leads to is looked for among the newest mails only, so that no page takes long.
LOOKED_THROUGH = 100_000
_ASKED_WHY = 1_000  # mails in one state whose reasons are counted
_MOST_REASONS = 20
_FIRST_OF_ALL = UUID(int=0)


@dataclass(frozen=True)
class Asked:
    """Which mails are asked for: None asks for all."""

    state: DeliveryState | None = None
    kind: Template | None = None
    why: str | None = None


def newest(session: Session, asked: Asked, page: int) -> Sequence[Delivery]:
    """Return a page of the mails that are asked for, the newest first, and one more if any."""
    wanted = _looked_through(select(Delivery), asked.state)
    if asked.kind:
        wanted = wanted.where(Delivery.template == asked.kind)
    if asked.why:
        wanted = wanted.where(Delivery.reason == asked.why)
    return session.scalars(_page(wanted, page)).all()


def at_address(session: Session, address_key: str) -> Sequence[Delivery]:
    """Return the first page of all mails to an address, those too in which it has been blanked.

    But not where its person was forgotten: the kinds of mail would tell what they were to us.
    """
    to_it = select(Delivery).where(Delivery.address_key == address_key)
    to_it = to_it.where(Delivery.reason.is_distinct_from(ERASED))
    return session.scalars(_page(to_it, 1)).all()


def called(session: Session, part: str) -> Sequence[Delivery]:
    """Return the same of mails with *part* in name or address, as long as they are kept."""
    found = [
        func.lower(column).contains(part.lower(), autoescape=True)
        for column in (Delivery.name, Delivery.address)
    ]
    kept = _looked_through(select(Delivery), None).where(Delivery.address.is_not(None))
    return session.scalars(_page(kept.where(or_(*found)), 1)).all()


def reasons(session: Session, state: DeliveryState) -> Sequence[tuple[str, int]]:
    """Return the reasons that the newest mails in *state* have most often, and how often each."""
    lately = (
        select(Delivery.reason)
        .where(Delivery.state == state)
        .order_by(Delivery.id.desc())
        .limit(_ASKED_WHY)
        .subquery()
    )
    number = func.count(lately.c.reason)
    counted = select(lately.c.reason, number).where(lately.c.reason.is_not(None))
    most = counted.group_by(lately.c.reason).order_by(number.desc(), lately.c.reason)
    return [(why, many) for why, many in session.execute(most.limit(_MOST_REASONS))]


def receipts(session: Session, delivery: Delivery) -> Sequence[Receipt]:
    """Return what was reported of *delivery*."""
    reported = select(Receipt).where(Receipt.delivery_id == delivery.id)
    return session.scalars(reported.order_by(Receipt.happened_at, Receipt.id)).all()


def acts(session: Session, delivery: Delivery, about: str) -> Sequence[StaffAct]:
    """Return what staff did to *delivery*, which is called *about*."""
    since = select(StaffAct).where(StaffAct.at >= delivery.created_at)
    return session.scalars(since.where(StaffAct.about == about).order_by(StaffAct.at)).all()


def _page(wanted: Select[Delivery], page: int) -> Select[Delivery]:
    ordered = wanted.order_by(Delivery.id.desc())
    return ordered.offset((page - 1) * PAGE).limit(PAGE + 1)


def _looked_through(wanted: Any, state: DeliveryState | None) -> Any:
    """Return *wanted* of the newest mails, or of the newest in *state*."""
    ids = select(Delivery.id).order_by(Delivery.id.desc()).offset(LOOKED_THROUGH).limit(1)
    if state:
        ids, wanted = (each.where(Delivery.state == state) for each in (ids, wanted))
    return wanted.where(Delivery.id > func.coalesce(ids.scalar_subquery(), _FIRST_OF_ALL))
