"""How notifications reacts to the facts that others publish."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from notifications import queries
from notifications.commands import Order, make_due
from notifications.models import (
    PermissionStatement,
    Purpose,
    RegistrationState,
    Standing,
    Template,
)
from notifications.permissions import permitted
from notifications.recipients import recipient_of
from shared.contracts import Envelope
from shared.contracts.membership import StaffSessionEnded
from shared.contracts.registration import (
    MailingPermissionStated,
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationLinkRequested,
    RegistrationWaitlisted,
    RegistrationWithdrawn,
    WebinarAccessChanged,
)
from shared.messaging import Handlers, keep_first, keep_newest
from shared.staff import note_ended

RegistrationChanged = (
    RegistrationConfirmed
    | RegistrationWaitlisted
    | RegistrationWithdrawn
    | WebinarAccessChanged
    | RegistrationCancelled
)
QUESTIONS_A_DAY = 3
# An order has fields for these; the rest of an event is what the words are made of.
_APART = ("email", "name", "address_key")


def confirm(session: Session, event: RegistrationConfirmed, envelope: Envelope) -> None:
    """Tell a person that they have a place, and where to join."""
    _note_standing(session, RegistrationState.CONFIRMED, event, envelope)
    _tell(session, Template.CONFIRMED, event, envelope)


def tell_of_waiting(session: Session, event: RegistrationWaitlisted, envelope: Envelope) -> None:
    """Tell a person that every place was taken, and that they are on the waiting list."""
    _note_standing(session, RegistrationState.WAITLISTED, event, envelope)
    _tell(session, Template.WAITLISTED, event, envelope)


def confirm_withdrawal(session: Session, event: RegistrationWithdrawn, envelope: Envelope) -> None:
    """Tell a person that they are no longer registered."""
    _note_standing(session, RegistrationState.WITHDRAWN, event, envelope)
    _tell(session, Template.WITHDRAWN, event, envelope)


def tell_of_change(session: Session, event: WebinarAccessChanged, envelope: Envelope) -> None:
    """Tell a person when their webinar is now, or where to join it, and what they knew before."""
    _note_standing(session, RegistrationState(event.state), event, envelope)
    _tell(session, Template.CHANGED, event, envelope)


def tell_of_cancellation(
    session: Session, event: RegistrationCancelled, envelope: Envelope
) -> None:
    """Tell a person that what they registered for will not take place."""
    _note_standing(session, RegistrationState.CANCELLED, event, envelope)
    _tell(session, Template.CANCELLED, event, envelope)


def send_link(session: Session, event: RegistrationLinkRequested, envelope: Envelope) -> None:
    """Send a person the link to their registration again."""
    _tell(session, Template.LINK, event, envelope)


def note_permission(session: Session, event: MailingPermissionStated, envelope: Envelope) -> None:
    """Keep what was said about being mailed, word for word; ask the address whether it is so."""
    recipient = recipient_of(session, event.address_key)
    stated = {name: value for name, value in vars(event).items() if name != "email"}
    row = {"event_id": envelope.id, "source": envelope.source, "proven": False} | stated
    keep_first(session, PermissionStatement, row)
    if event.given and _may_be_asked(session, event.address_key):
        order = Order(
            event_id=envelope.id,
            template=Template.PERMISSION,
            subject=recipient.id,
            subject_version=recipient.subject_version,
            address_key=event.address_key,
            address=event.email,
            context={"wording": event.wording, "link_generation": recipient.link_generation},
        )
        make_due(session, order)


HANDLERS: Handlers = {
    RegistrationConfirmed: confirm,
    RegistrationWaitlisted: tell_of_waiting,
    RegistrationWithdrawn: confirm_withdrawal,
    WebinarAccessChanged: tell_of_change,
    RegistrationCancelled: tell_of_cancellation,
    RegistrationLinkRequested: send_link,
    MailingPermissionStated: note_permission,
    StaffSessionEnded: note_ended,
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


def _tell(
    session: Session,
    template: Template,
    event: RegistrationChanged | RegistrationLinkRequested,
    envelope: Envelope,
) -> None:
    """Make the mail due by which the person concerned hears of the event."""
    order = Order(
        event_id=envelope.id,
        template=template,
        subject=UUID(envelope.subject),
        subject_version=envelope.subjectversion,
        address_key=event.address_key,
        address=event.email,
        name=event.name,
        context={name: value for name, value in event.dump().items() if name not in _APART},
    )
    make_due(session, order)


def _may_be_asked(session: Session, address_key: str) -> bool:
    """Return whether to ask for permission: not who has given it, nor one person for ever."""
    if permitted(session, [address_key], Purpose.WEBINAR_INVITATIONS):
        return False
    within = timedelta(days=1)
    return queries.sent_lately(session, address_key, Template.PERMISSION, within) < QUESTIONS_A_DAY
