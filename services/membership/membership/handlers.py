"""How membership reacts to the facts that others publish."""

from uuid import UUID

from sqlalchemy.orm import Session

from membership.members.handlers import HANDLERS as OF_MEMBERS
from membership.staff.models import ToldFigure
from shared.contracts import Envelope, notifications, registration
from shared.contracts.acts import Acted
from shared.contracts.figures import Counted
from shared.messaging import Handlers, keep_first, keep_newest
from shared.staff.models import StaffAct


def note_act(session: Session, event: Acted, envelope: Envelope) -> None:
    """Add what a member of staff did in another service to the audit trail."""
    row = vars(event) | {
        "id": UUID(envelope.subject),
        "subject_version": envelope.subjectversion,
        "service": envelope.source.rpartition(":")[2],
    }
    keep_first(session, StaffAct, row)


def note_figure(session: Session, event: Counted, envelope: Envelope) -> None:
    """Keep how many there are, unless a newer event has told already."""
    row = vars(event) | {
        "id": UUID(envelope.subject),
        "version": envelope.subjectversion,
        "service": envelope.source.rpartition(":")[2],
    }
    keep_newest(session, ToldFigure, row, key="id")


HANDLERS: Handlers = {
    notifications.FigureCounted: note_figure,
    registration.FigureCounted: note_figure,
    notifications.StaffActed: note_act,
    registration.StaffActed: note_act,
    **OF_MEMBERS,
}
