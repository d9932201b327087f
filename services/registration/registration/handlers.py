"""How registration reacts to the facts that others publish."""

from sqlalchemy.orm import Session

from registration.erasing import forget
from shared.contracts import Envelope
from shared.contracts.membership import ErasureRequested, StaffSessionEnded
from shared.messaging import Handlers
from shared.staff import note_ended


def erase(session: Session, event: ErasureRequested, _envelope: Envelope) -> None:
    """Forget somebody who asked for that, and say so."""
    forget(session, event, member_id=event.subjects[0])


HANDLERS: Handlers = {ErasureRequested: erase, StaffSessionEnded: note_ended}
