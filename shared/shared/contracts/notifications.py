"""The facts that notifications publishes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.contracts.acts import Acted
from shared.contracts.base import Event, Visibility, contract, said
from shared.contracts.figures import Counted


@contract(
    "notifications.permission_withdrawn.v1",
    visibility=Visibility.INTERNAL,
    consumers=("membership",),
)
@dataclass(frozen=True, kw_only=True)
class PermissionWithdrawn(Event):
    """Somebody no longer wishes to be mailed for a purpose. Its subject is the recipient."""

    address_key: str = said("By what key the address is known.")
    purpose: str = said('For what: "webinar_invitations".')
    stated_at: datetime = said("When it was stated.")


@contract("notifications.address_suppressed.v1", visibility=Visibility.INTERNAL)
@dataclass(frozen=True, kw_only=True)
class AddressSuppressed(Event):
    """An address must not be written to any more. Its subject is the recipient."""

    address_key: str = said("By what key the address is known.")
    reason: str = said('Why: "hard_bounce", "soft_bounces", "complaint" or "unsubscribed".')
    suppressed_at: datetime = said("Since when.")


@contract("notifications.staff_acted.v1", visibility=Visibility.INTERNAL, consumers=("membership",))
@dataclass(frozen=True, kw_only=True)
class StaffActed(Acted):
    """A member of staff did something in notifications. Its subject is the act."""


@contract(
    "notifications.erasure_completed.v1",
    visibility=Visibility.INTERNAL,
    consumers=("membership",),
)
@dataclass(frozen=True, kw_only=True)
class ErasureCompleted(Event):
    """No delivery, receipt or letter names any more somebody who asked for that.

    Its subject is the erasure.
    """

    member_id: UUID = said("Who was the member.")


@contract(
    "notifications.figure_counted.v1", visibility=Visibility.INTERNAL, consumers=("membership",)
)
@dataclass(frozen=True, kw_only=True)
class FigureCounted(Counted):
    """How many there are of something in notifications has changed. Its subject is the figure."""
