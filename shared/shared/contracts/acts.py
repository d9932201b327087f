"""What a service tells of the doings of its staff: the same for each of them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.contracts.base import Event, said


@dataclass(frozen=True, kw_only=True)
class Acted(Event):
    """A member of staff did something. Its subject is the act."""

    account_id: UUID = said("The account of the member of staff.")
    action: str = said('What was done: "webinar_cancelled".')
    about: str = said('To what: its kind and id, "webinar:01970000-…".')
    at: datetime = said("When it was done.")
