"""Members of staff in every service: what each may do, what they did, whose time is over."""

from shared.staff.acts import record, was_recorded
from shared.staff.ended import forget_ended_sessions, has_ended, note_ended
from shared.staff.roles import Role, Staff

__all__ = [
    "Role",
    "Staff",
    "forget_ended_sessions",
    "has_ended",
    "note_ended",
    "record",
    "was_recorded",
]
