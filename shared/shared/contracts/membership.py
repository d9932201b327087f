"""The facts that membership publishes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.contracts.base import Event, Visibility, contract, said


@contract(
    "membership.staff_session_ended.v1",
    visibility=Visibility.INTERNAL,
    consumers=("notifications", "registration"),
)
@dataclass(frozen=True, kw_only=True)
class StaffSessionEnded(Event):
    """A member of staff has signed out, or was shut out. Its subject is the account."""

    session_id: UUID = said("The session that is not to be let in any more.")
    ended_at: datetime = said("When it ended.")
