"""Personal data does not outlive its use: what was written to whom is blanked, then forgotten."""

from datetime import timedelta

from sqlalchemy import case, delete, null, update
from sqlalchemy.orm import Session

from notifications.models import Delivery, DeliveryState, Receipt, ReceiptState
from shared.db import database_now
from shared.messaging.forgetting import KEEP_KEYS

KEEP_SENT = timedelta(days=7)
KEEP_FAILED = timedelta(days=90)  # somebody may have to look into it, and write by hand

_SENT = (DeliveryState.ACCEPTED, DeliveryState.DELIVERED, DeliveryState.SKIPPED)
_FAILED = (
    DeliveryState.REJECTED,
    DeliveryState.UNKNOWN,
    DeliveryState.BOUNCED,
    DeliveryState.DROPPED,
)


def blank_old_deliveries(session: Session) -> None:
    """Blank address, name and words of deliveries that ended a while ago, a provider's words too.

    The rest stays as long as an event could be replayed, so that none is ever mailed twice.
    """
    moment = database_now(session)
    # Why a mail is skipped we said ourselves, in words that name nobody.
    ours = case((Delivery.state == DeliveryState.SKIPPED, Delivery.reason))
    for states, keep in ((_SENT, KEEP_SENT), (_FAILED, KEEP_FAILED)):
        session.execute(
            update(Delivery)
            .where(Delivery.address.is_not(None), Delivery.state.in_(states))
            .where(Delivery.ended_at < moment - keep)
            .values(address=None, name=None, context=null(), reason=ours)
        )
    session.execute(delete(Delivery).where(Delivery.ended_at < moment - KEEP_KEYS))


def blank_old_receipts(session: Session) -> None:
    """Blank what was reported, address and all, once it has been applied or given up."""
    moment = database_now(session)
    for state, keep in ((ReceiptState.DONE, KEEP_SENT), (ReceiptState.DEAD, KEEP_FAILED)):
        session.execute(
            update(Receipt)
            .where(Receipt.body.is_not(None), Receipt.state == state)
            .where(Receipt.ended_at < moment - keep)
            .values(body=null())
        )
    session.execute(delete(Receipt).where(Receipt.ended_at < moment - KEEP_KEYS))
