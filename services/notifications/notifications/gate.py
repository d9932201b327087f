"""The consent gate: who may not be written to, and why. Asked at the claim, and once more later."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from notifications.models import (
    BARS_INVITATIONS_ONLY,
    Delivery,
    Purpose,
    Recipient,
    Standing,
    Suppression,
    Template,
)
from notifications.permissions import permitted
from shared.db import among, now


class Bar(StrEnum):
    """Why a mail is not sent."""

    SUPPRESSED = "suppressed"
    SUPERSEDED = "superseded"
    NO_PERMISSION = "no_permission"
    PAUSED = "paused"


def barred(session: Session, deliveries: Sequence[Delivery]) -> dict[UUID, Bar]:
    """Return why each of *deliveries* that nobody should have now is to be skipped, by its id.

    Where several reasons hold, the gravest is named.
    """
    if not deliveries:
        return {}
    found: dict[UUID, Bar] = {}
    for ask in (_suppressed, _superseded, _without_permission, _paused):
        left = [delivery for delivery in deliveries if delivery.id not in found]
        found |= ask(session, left)
    return found


def _suppressed(session: Session, deliveries: Sequence[Delivery]) -> dict[UUID, Bar]:
    active = select(Suppression.address_key, Suppression.reason).where(
        among(session, Suppression.address_key, {delivery.address_key for delivery in deliveries}),
        Suppression.lifted_at.is_(None),
    )
    reasons = [(key, reason) for key, reason in session.execute(active)]
    wholly = {key for key, reason in reasons if reason not in BARS_INVITATIONS_ONLY}
    at_all = {key for key, _ in reasons}
    return _named(
        Bar.SUPPRESSED,
        deliveries,
        lambda d: d.address_key in (at_all if d.is_invitation else wholly),
    )


def _superseded(session: Session, deliveries: Sequence[Delivery]) -> dict[UUID, Bar]:
    """Return what says of a registration, or asks for a permission, what is no longer so."""
    subjects = {delivery.subject for delivery in deliveries}
    known = session.scalars(
        select(Standing).where(among(session, Standing.registration_id, subjects))
    )
    standings = {standing.registration_id: standing for standing in known}
    asking = {d.address_key for d in deliveries if d.template == Template.PERMISSION}
    answered = permitted(session, asking, Purpose.WEBINAR_INVITATIONS)

    def is_superseded(delivery: Delivery) -> bool:
        if delivery.template == Template.PERMISSION:
            return delivery.address_key in answered
        standing = standings.get(delivery.subject)
        return standing is not None and delivery.is_overtaken_by(standing)

    return _named(Bar.SUPERSEDED, deliveries, is_superseded)


def _without_permission(session: Session, deliveries: Sequence[Delivery]) -> dict[UUID, Bar]:
    invited = _invitations(deliveries)
    keys = {delivery.address_key for delivery in invited}
    given = permitted(session, keys, Purpose.WEBINAR_INVITATIONS)
    return _named(Bar.NO_PERMISSION, invited, lambda d: d.address_key not in given)


def _paused(session: Session, deliveries: Sequence[Delivery]) -> dict[UUID, Bar]:
    invited = _invitations(deliveries)
    resting = select(Recipient.address_key).where(
        among(session, Recipient.address_key, {delivery.address_key for delivery in invited}),
        Recipient.paused_until > now(session),
    )
    keys = set(session.scalars(resting))
    return _named(Bar.PAUSED, invited, lambda d: d.address_key in keys)


def _invitations(deliveries: Sequence[Delivery]) -> list[Delivery]:
    return [delivery for delivery in deliveries if delivery.is_invitation]


def _named(
    bar: Bar, deliveries: Sequence[Delivery], holds: Callable[[Delivery], bool]
) -> dict[UUID, Bar]:
    return {delivery.id: bar for delivery in deliveries if holds(delivery)}
