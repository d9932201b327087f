"""Receipts: kept before the provider is answered, then applied to the deliveries they speak of."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from prometheus_client import Counter
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from notifications.mail.handover import reason
from notifications.models import (
    Delivery,
    DeliveryState,
    Receipt,
    ReceiptKind,
    ReceiptState,
    SuppressionReason,
)
from notifications.suppressions import suppress
from shared.db import Database, among, database_now, insert

BATCH = 500
SOFT_BOUNCES = 3
SOFT_BOUNCES_WITHIN = timedelta(days=30)
# The provider may report before we have noted what it was handed; not for ever, though.
_PAUSES = (10, 60, 600, 3_600, 21_600, 64_800)  # seconds
_tracked = Counter(
    "coproduce_receipts_tracking",
    "Receipts that tell of people watched: turn tracking off",
    ["service"],
)
_log = structlog.get_logger(__name__)

# How far a delivery has come: no receipt brings it back, in whatever order they arrive.
_REACHED = {
    DeliveryState.DUE: 0,
    DeliveryState.SENDING: 0,
    DeliveryState.UNKNOWN: 0,
    DeliveryState.ACCEPTED: 1,
    DeliveryState.DELIVERED: 2,
    DeliveryState.DROPPED: 3,
    DeliveryState.BOUNCED: 3,
}
_LEADS_TO = {
    ReceiptKind.ACCEPTED: DeliveryState.ACCEPTED,
    ReceiptKind.DEFERRED: DeliveryState.ACCEPTED,
    ReceiptKind.DELIVERED: DeliveryState.DELIVERED,
    ReceiptKind.SOFT_BOUNCE: DeliveryState.BOUNCED,
    ReceiptKind.HARD_BOUNCE: DeliveryState.BOUNCED,
    ReceiptKind.DROPPED: DeliveryState.DROPPED,
}
_SUPPRESSES = {
    ReceiptKind.HARD_BOUNCE: SuppressionReason.HARD_BOUNCE,
    ReceiptKind.COMPLAINT: SuppressionReason.COMPLAINT,
    ReceiptKind.UNSUBSCRIBED: SuppressionReason.UNSUBSCRIBED,
}
# Why the provider drops what it was handed: Twilio's "Event Webhook Reference", dropped.
_DROPPED_FOR = {
    "Bounced Address": SuppressionReason.HARD_BOUNCE,
    "Invalid": SuppressionReason.HARD_BOUNCE,
    "Spam Reporting Address": SuppressionReason.COMPLAINT,
    "Unsubscribed Address": SuppressionReason.UNSUBSCRIBED,
}


def keep(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store receipts, each once, whatever the provider repeats and under whichever id."""
    if rows:
        session.execute(insert(session, Receipt).on_conflict_do_nothing(), rows)


class ReceiptWorker:
    """Applies receipts. Any number may run: a receipt is held by one of them at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def run_once(self) -> int:
        """Return how many receipts were taken up."""
        with self._database.transaction("receipts") as session:
            moment = database_now(session)
            receipts = session.scalars(_due(moment)).all()
            deliveries = _meant(session, receipts)
            for receipt in receipts:
                _apply(session, receipt, deliveries, moment)
        return len(receipts)


def _apply(
    session: Session, receipt: Receipt, deliveries: Mapping[UUID, Delivery], moment: datetime
) -> None:
    if receipt.kind == ReceiptKind.TRACKING:
        _tracked.labels("notifications").inc()
        _log.error("receipt.tracking", remedy="Turn tracking off in the provider's settings.")
    delivery = deliveries.get(receipt.delivery_id) if receipt.delivery_id else None
    leads_to = _LEADS_TO.get(ReceiptKind(receipt.kind))
    if receipt.delivery_id and leads_to and delivery is None:
        _wait(receipt, moment)
        return
    if delivery and leads_to:
        _move(delivery, leads_to, receipt, moment)
    if why := _suppression(session, receipt):
        _suppress(session, receipt, why)
    receipt.state, receipt.ended_at = ReceiptState.DONE, moment


def _wait(receipt: Receipt, moment: datetime) -> None:
    """Look again later for the delivery that is meant, or give up: it may be another system's."""
    if receipt.attempts >= len(_PAUSES):
        receipt.state, receipt.ended_at = ReceiptState.DEAD, moment
        receipt.error = "no delivery of ours is meant"
        return
    receipt.due_at = moment + timedelta(seconds=_PAUSES[receipt.attempts])
    receipt.attempts += 1


def _move(delivery: Delivery, state: DeliveryState, receipt: Receipt, moment: datetime) -> None:
    """Bring *delivery* to *state* unless it has come as far already, or ended otherwise."""
    reached = _REACHED.get(DeliveryState(delivery.state))
    if reached is None or reached >= _REACHED[state]:
        return
    # Kept longer than the address, which providers like to repeat.
    said = reason(words_of(receipt), _address(receipt) or "")
    delivery.state, delivery.reason = state, said or None
    delivery.ended_at = delivery.ended_at or moment
    delivery.claimed_by = delivery.claim_until = None


def _suppression(session: Session, receipt: Receipt) -> SuppressionReason | None:
    """Return for what reason *receipt* bars its address, if it does."""
    kind = ReceiptKind(receipt.kind)
    if kind == ReceiptKind.SOFT_BOUNCE and _soft_bounces(session, receipt) >= SOFT_BOUNCES:
        return SuppressionReason.SOFT_BOUNCES
    if kind == ReceiptKind.DROPPED:
        stated = str((receipt.body or {}).get("reason", ""))
        return next((why for said, why in _DROPPED_FOR.items() if stated.startswith(said)), None)
    return _SUPPRESSES.get(kind)


def _soft_bounces(session: Session, receipt: Receipt) -> int:
    """Return how many mails to the address were refused in the days up to the last refusal."""
    refused = (Receipt.address_key == receipt.address_key) & (
        Receipt.kind == ReceiptKind.SOFT_BOUNCE
    )
    last = session.scalar(select(func.max(Receipt.happened_at)).where(refused))
    if last is None:
        return 0
    counted = select(func.count(func.distinct(Receipt.delivery_id)))
    lately = Receipt.happened_at > last - SOFT_BOUNCES_WITHIN
    return session.scalars(counted.where(refused, lately)).one()


def _suppress(session: Session, receipt: Receipt, why: SuppressionReason) -> None:
    if receipt.address_key is None:
        return
    suppress(
        session,
        receipt.address_key,
        why,
        evidence=f"{receipt.kind} on {receipt.happened_at:%Y-%m-%d}: {words_of(receipt)}",
        address=_address(receipt),
    )


def _address(receipt: Receipt) -> str | None:
    return str((receipt.body or {}).get("email", "")) or None


def words_of(receipt: Receipt) -> str:
    """Return what the person's own provider said of the mail, an address perhaps included."""
    body = receipt.body or {}
    said = (str(body[name]) for name in ("status", "reason", "response") if body.get(name))
    return " ".join(said)


def _due(moment: datetime) -> Any:
    return (
        select(Receipt)
        .where(Receipt.state == ReceiptState.NEW, Receipt.due_at <= moment)
        .order_by(Receipt.due_at, Receipt.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )


def _meant(session: Session, receipts: Sequence[Receipt]) -> dict[UUID, Delivery]:
    """Return the deliveries that *receipts* speak of, locked, always in the same order."""
    ids = {receipt.delivery_id for receipt in receipts if receipt.delivery_id}
    found = (
        select(Delivery)
        .where(among(session, Delivery.id, ids))
        .order_by(Delivery.id)
        .with_for_update()
    )
    return {delivery.id: delivery for delivery in session.scalars(found)}
