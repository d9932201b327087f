"""How membership reacts to the facts that others publish."""

from uuid import UUID

from sqlalchemy.orm import Session

from membership.members.handlers import HANDLERS as OF_MEMBERS
from shared.contracts import Envelope, notifications, registration
from shared.contracts.acts import Acted
from shared.messaging import Handlers, keep_first
from shared.staff.models import StaffAct


def note_act(session: Session, event: Acted, envelope: Envelope) -> None:
    """Add what a member of staff did in another service to the audit trail."""
    row = vars(event) | {
        "id": UUID(envelope.subject),
        "subject_version": envelope.subjectversion,
        "service": envelope.source.rpartition(":")[2],
    }
    keep_first(session, StaffAct, row)


HANDLERS: Handlers = {
    notifications.StaffActed: note_act,
    registration.StaffActed: note_act,
    **OF_MEMBERS,
}
