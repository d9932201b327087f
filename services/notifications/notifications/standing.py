"""What notifications says to staff of how it stands, besides what every service says."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from notifications import queries
from notifications.models import DeliveryState
from shared.web.system import Own
from shared.web.system.standing import LATE
from shared.web.system.words import length_in_words

_PARTS: Mapping[str, str] = {
    "sender": "No mail is sent that somebody waits for, like the links to their own pages.",
    "bulk": "No mail is sent that goes to many, like invitations.",
    "receipts": "What the mail provider tells of mails is not taken note of.",
    "eraser": "Mails to people who asked to be forgotten are not destroyed.",
}


def _concerns(session: Session) -> list[str]:
    """Return what is amiss with mails, in sentences."""
    said = []
    behind = queries.seconds_behind(session)
    if behind >= LATE:
        said.append(f"A mail has waited for {length_in_words(behind)} to be sent.")
    if unknown := queries.count(session, DeliveryState.UNKNOWN):
        mails, were = ("1 mail", "it was") if unknown == 1 else (f"{unknown} mails", "they were")
        said.append(f"Of {mails} nobody can tell whether {were} sent.")
    return said


OWN = Own(parts=_PARTS, concerns=_concerns)
