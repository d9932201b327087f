"""Made-up places to live in, so that a new installation asks all that it can ask."""

from sqlalchemy.orm import Session

from membership.members.choices import offer
from membership.members.models import ChoiceKind

_LOCALITIES = {
    "north": "North Exampleshire",
    "south": "South Exampleshire",
    "elsewhere": "Somewhere else",
}


def add_demo(session: Session) -> None:
    """Offer the localities, unless they are offered already."""
    for code, label in _LOCALITIES.items():
        offer(session, ChoiceKind.LOCALITY, code, label)
