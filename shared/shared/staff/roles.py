"""Who a member of staff is to the services, and what they may do."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What somebody may do: all that the roles before theirs may, and more."""

    VIEWER = "viewer"  # look, but not at what people told us in confidence
    EDITOR = "editor"  # change webinars and registrations, see what people told us
    SENDER = "sender"  # hand mail over to be sent
    APPROVER = "approver"  # let what others have written go to many
    ADMINISTRATOR = "administrator"  # accounts, the audit trail, everything

    def allows(self, needed: "Role") -> bool:
        """Return whether whoever has this role may do what *needed* may."""
        order = list(Role)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True)
class Staff:
    """A member of staff who is signed in."""

    account_id: UUID
    session_id: UUID
    name: str
    role: Role
