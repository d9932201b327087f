"""/staff/deliveries/<id>: one mail, and all that has happened to it."""

from uuid import UUID

from flask import render_template
from sqlalchemy.orm import Session

from notifications.config import NotificationsSettings
from notifications.desk import finding, words
from notifications.desk.blueprint import about_of, delivery_of, desk
from notifications.desk.timeline import Moment, timeline
from notifications.forgetting import KEEP_FAILED, KEEP_SENT
from notifications.models import Delivery, DeliveryState
from notifications.rendering import Renderer
from notifications.suppressions import every
from shared.staff import Role
from shared.web import clock, reading, settings
from shared.web.staff import current_staff, require


@desk.get("/deliveries/<uuid:id>")
@require(Role.VIEWER)
def delivery(id: UUID) -> str:
    """Show one mail; to whom and of what, only to those who may know."""
    role = current_staff().role
    with reading() as session:
        found = delivery_of(session, id)
        return render_template(
            "notifications/desk/delivery.html",
            delivery=found,
            kind=words.KINDS[found.template],
            state=words.STATES[found.state],
            why=words.why(found.reason) if found.reason else None,
            moments=_moments(session, found),
            subject=subject_of(found),
            barring=[bar for bar in every(session, found.address_key) if not bar.lifted_at],
            suppressed=words.SUPPRESSED,
            kept=(KEEP_SENT.days, KEEP_FAILED.days),
            may_see=role.allows(Role.EDITOR),
            may_send=role.allows(Role.SENDER) and can_go_again(found),
        )


def _moments(session: Session, delivery: Delivery) -> list[Moment]:
    reported = finding.receipts(session, delivery)
    acts = finding.acts(session, delivery, about_of(delivery))
    return timeline(delivery, reported, acts)


def subject_of(delivery: Delivery) -> str | None:
    """Return the subject as the person reads it; None where what it was made of is gone.

    No more of the words: they hold links by which one acts as the person.
    """
    try:
        return Renderer(settings(NotificationsSettings)).render(delivery, clock()).subject
    except Exception:  # blanked, or what its sender has said in the log
        return None


def can_go_again(delivery: Delivery) -> bool:
    """Return whether it may be sent again, and there is still something to send."""
    return delivery.state == DeliveryState.UNKNOWN and delivery.address is not None
