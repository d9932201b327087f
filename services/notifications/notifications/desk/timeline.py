"""What has happened to one mail, in order."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from notifications.claims import CLAIM
from notifications.desk import words
from notifications.models import Delivery, DeliveryState, Receipt, ReceiptKind
from notifications.receipts import words_of
from shared.staff.models import StaffAct

_ENDED = {
    DeliveryState.REJECTED: "Refused",
    DeliveryState.UNKNOWN: "No word came of whether it was sent",
    DeliveryState.SKIPPED: "Left out",
}


class Moment(NamedTuple):
    """Something that happened, and what was said of it."""

    at: datetime
    text: str
    said: str = ""


def timeline(
    delivery: Delivery, receipts: Iterable[Receipt], acts: Iterable[StaffAct]
) -> list[Moment]:
    """Return what has happened to *delivery*, the oldest first, and what is to come."""
    happened = [
        Moment(delivery.created_at, "Made"),
        *_own(delivery),
        *(_reported(receipt) for receipt in receipts if receipt.kind in words.RECEIPTS),
        *(Moment(act.at, "Sent again by somebody of the staff") for act in acts),
    ]
    return sorted(happened, key=lambda moment: moment.at)


def _own(delivery: Delivery) -> Iterable[Moment]:
    """Yield what we did with it ourselves, as far as that is kept."""
    if delivery.state == DeliveryState.DUE:
        again = ", after the mail provider could not take it" if delivery.attempts else ""
        yield Moment(delivery.due_at, f"To be sent{again}")
    if delivery.claim_until:
        yield Moment(delivery.claim_until - CLAIM, "Being handed over to the mail provider")
    if delivery.ended_at:
        ended = _ENDED.get(DeliveryState(delivery.state), "Handed over to the mail provider")
        said = words.why(delivery.reason) if delivery.reason and ended in _ENDED.values() else ""
        yield Moment(delivery.ended_at, ended, said)


def _reported(receipt: Receipt) -> Moment:
    at = receipt.happened_at or receipt.received_at
    return Moment(at, words.RECEIPTS[ReceiptKind(receipt.kind)], words_of(receipt))
