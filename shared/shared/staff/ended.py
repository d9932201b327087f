"""Sessions that have ended: listed in every service, for as long as a cookie of theirs may live."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from shared.contracts import Envelope
from shared.contracts.membership import StaffSessionEnded
from shared.db import now
from shared.messaging import keep_first
from shared.staff.models import EndedStaffSession

_KEPT = timedelta(days=1)  # far longer than the ten minutes of a cookie


def note_ended(session: Session, event: StaffSessionEnded, _envelope: Envelope) -> None:
    """Refuse whoever comes with the session from now on."""
    keep_first(session, EndedStaffSession, vars(event))


def has_ended(session: Session, session_id: UUID) -> bool:
    """Return whether the session is listed."""
    return session.get(EndedStaffSession, session_id) is not None


def forget_ended_sessions(session: Session) -> int:
    """Delete the rows whose cookies are long dead; return how many."""
    gone = delete(EndedStaffSession).where(EndedStaffSession.ended_at <= now(session) - _KEPT)
    return session.connection().execute(gone).rowcount
