"""What staff say of a webinar, apart from how far it has come."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from registration.models import Panellist, Webinar


@dataclass(frozen=True, kw_only=True)
class PanelMember:
    """Somebody on a panel, as they wish to be introduced."""

    name: str
    biography: str


@dataclass(frozen=True, kw_only=True)
class WebinarDetails:
    """All that staff say of a webinar. What may be empty is needed once it is published."""

    title: str
    summary: str = ""
    expect: str = ""
    starts_at: datetime
    ends_at: datetime
    capacity: int
    joining_link: str = ""
    panel: tuple[PanelMember, ...] = ()

    @property
    def minutes(self) -> int:
        """Return how long it lasts."""
        return (self.ends_at - self.starts_at) // timedelta(minutes=1)

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the names of what has to be said before it is published."""
        needed = ("summary", "expect", "joining_link")
        return tuple(name for name in needed if not getattr(self, name))


NAMES = tuple(field.name for field in fields(WebinarDetails))
# What registered people are told of; what decides who may come, and to what.
TOLD = frozenset({"starts_at", "ends_at", "joining_link"})
BINDING = TOLD | {"capacity"}
# What nobody but those with a place, and staff, may know.
PRIVATE = frozenset({"joining_link", "capacity"})


def details_of(webinar: Webinar) -> WebinarDetails:
    """Return what is said of *webinar* now."""
    panel = tuple(PanelMember(name=p.name, biography=p.biography) for p in webinar.panel)
    return WebinarDetails(
        **{name: getattr(webinar, name) for name in NAMES if name != "panel"}, panel=panel
    )


def write(webinar: Webinar, details: WebinarDetails) -> None:
    """Make *details* what is said of *webinar*."""
    for name in NAMES:
        if name != "panel":
            setattr(webinar, name, getattr(details, name))
    webinar.panel = [
        Panellist(position=position, name=person.name, biography=person.biography)
        for position, person in enumerate(details.panel, start=1)
    ]


def changed(before: WebinarDetails, after: WebinarDetails) -> tuple[str, ...]:
    """Return the names of what differs, in the order of the fields."""
    return tuple(name for name in NAMES if getattr(before, name) != getattr(after, name))
