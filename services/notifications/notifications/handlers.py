"""How notifications reacts to the facts that others publish."""

from uuid import UUID

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from notifications.models import (
    Delivery,
    DeliveryState,
    Lane,
    PermissionStatement,
    RegistrationState,
    Standing,
    Template,
)
from shared.contracts import Envelope
from shared.contracts.registration import (
    MailingPermissionStated,
    RegistrationConfirmed,
    RegistrationLinkRequested,
    RegistrationWaitlisted,
    RegistrationWithdrawn,
)
from shared.db import database_now, now
from shared.messaging import Handlers, keep_first, keep_newest

RegistrationChanged = RegistrationConfirmed | RegistrationWaitlisted | RegistrationWithdrawn
# A delivery has columns for these; the rest of an event is what the words are made of.
_APART = ("email", "name", "address_key")


def confirm(session: Session, event: RegistrationConfirmed, envelope: Envelope) -> None:
    """Tell a person that they have a place, and where to join."""
    _note_standing(session, RegistrationState.CONFIRMED, event, envelope)
    _write(session, Template.CONFIRMED, event, envelope)


def tell_of_waiting(session: Session, event: RegistrationWaitlisted, envelope: Envelope) -> None:
    """Tell a person that every place was taken, and that they are on the waiting list."""
    _note_standing(session, RegistrationState.WAITLISTED, event, envelope)
    _write(session, Template.WAITLISTED, event, envelope)


def confirm_withdrawal(session: Session, event: RegistrationWithdrawn, envelope: Envelope) -> None:
    """Tell a person that they are no longer registered."""
    _note_standing(session, RegistrationState.WITHDRAWN, event, envelope)
    _write(session, Template.WITHDRAWN, event, envelope)


def send_link(session: Session, event: RegistrationLinkRequested, envelope: Envelope) -> None:
    """Send a person the link to their registration again."""
    _write(session, Template.LINK, event, envelope)


def note_permission(session: Session, event: MailingPermissionStated, envelope: Envelope) -> None:
    """Keep what was said about being mailed, word for word."""
    stated = {name: value for name, value in vars(event).items() if name != "email"}
    row = {"event_id": envelope.id, "source": envelope.source} | stated
    keep_first(session, PermissionStatement, row)


HANDLERS: Handlers = {
    RegistrationConfirmed: confirm,
    RegistrationWaitlisted: tell_of_waiting,
    RegistrationWithdrawn: confirm_withdrawal,
    RegistrationLinkRequested: send_link,
    MailingPermissionStated: note_permission,
}


def _note_standing(
    session: Session, state: RegistrationState, event: RegistrationChanged, envelope: Envelope
) -> None:
    """Keep how the registration stands, unless a newer event has told already."""
    row = {
        "registration_id": UUID(envelope.subject),
        "version": envelope.subjectversion,
        "state": state,
        "webinar_id": event.webinar_id,
        "address_key": event.address_key,
        "link_generation": event.link_generation,
    }
    keep_newest(session, Standing, row, key="registration_id")


def _write(
    session: Session,
    template: Template,
    event: RegistrationChanged | RegistrationLinkRequested,
    envelope: Envelope,
) -> None:
    """Make the event's mail due, unless it has been made already."""
    context = {name: value for name, value in event.dump().items() if name not in _APART}
    row = {
        "id": uuid7(),
        "event_id": envelope.id,
        "template": template,
        "lane": Lane.SERVICE,
        "subject": UUID(envelope.subject),
        "subject_version": envelope.subjectversion,
        "address_key": event.address_key,
        "address": event.email,
        "name": event.name,
        "context": context,
        "state": DeliveryState.DUE,
        "created_at": now(session),
        "due_at": database_now(session),
    }
    keep_first(session, Delivery, row)
