"""How registration reacts to the facts that others publish."""

from shared.contracts.membership import StaffSessionEnded
from shared.messaging import Handlers
from shared.staff import note_ended

HANDLERS: Handlers = {StaffSessionEnded: note_ended}
