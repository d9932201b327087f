"""Recipients: made when an address is first spoken of, and locked by whoever changes what holds."""

from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from notifications.models import Recipient
from shared.db import insert


def recipient_of(session: Session, address_key: str) -> Recipient:
    """Return the recipient at this address, locked."""
    blank = {"id": uuid7(), "address_key": address_key, "subject_version": 0, "link_generation": 0}
    session.execute(
        insert(session, Recipient)
        .values(blank)
        .on_conflict_do_nothing(index_elements=["address_key"])
    )
    known = select(Recipient).where(Recipient.address_key == address_key).with_for_update()
    return session.scalars(known).one()


def keep_pause(session: Session, former_key: str, address_key: str) -> None:
    """Let the break that somebody takes from our invitations go on at their other address."""
    former = session.scalar(select(Recipient).where(Recipient.address_key == former_key))
    if former is None or former.paused_until is None:
        return
    recipient = recipient_of(session, address_key)
    if recipient.paused_until is None or recipient.paused_until < former.paused_until:
        recipient.paused_until = former.paused_until
