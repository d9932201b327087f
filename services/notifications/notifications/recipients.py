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
