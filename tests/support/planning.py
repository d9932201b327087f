"""Staff at their desk, as the tests of webinars meet them: what they do, without a page."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from registration import planning
from registration.models import Webinar
from registration.planning import WebinarDetails, details_of
from registration.seating import seat_next
from registration.telling import tell_next
from shared.messaging.models import StoredEvent
from tests.support.registering import Site

SAM = "Sam"


def some_details(site: Site, **changes: Any) -> WebinarDetails:
    """Return what staff may say of a webinar in a week's time."""
    starts_at = site.clock() + timedelta(days=7)
    stated = WebinarDetails(
        title="Walking together",
        summary="A walk, and a talk.",
        expect="We meet online.",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        capacity=5,
        joining_link="https://meet.example.org/walking",
    )
    return replace(stated, **changes)


class Desk:
    """Staff of one site."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def drafts(self, **changes: Any) -> Webinar:
        """Make a draft."""
        with self.site.database.transaction("test") as session:
            return planning.draft(session, some_details(self.site, **changes))

    def publishes(self, webinar: Webinar) -> Webinar:
        """Open a draft to registrations."""
        with self.site.database.transaction("test") as session:
            row = session.get_one(Webinar, webinar.id)
            planning.publish(session, row, version=row.version, by=SAM)
            return row

    def edits(self, webinar: Webinar, *, version: int | None = None, **changes: Any) -> Webinar:
        """Change what is said of a webinar."""
        with self.site.database.transaction("test") as session:
            row = session.get_one(Webinar, webinar.id)
            stated = replace(details_of(row), **changes)
            planning.edit(session, row, stated, version=version or row.version, by=SAM)
            return row

    def cancels(self, webinar: Webinar, message: str = "") -> Webinar:
        """Cancel a webinar."""
        with self.site.database.transaction("test") as session:
            row = session.get_one(Webinar, webinar.id)
            planning.cancel(session, row, message=message, version=row.version, by=SAM)
            return row

    def settles(self) -> int:
        """Do what is done in the background, until nothing is left; return in how many steps."""
        steps = 0
        while seat_next(self.site.database) + tell_next(self.site.database):
            steps += 1
        return steps

    def told(self, type: str) -> list[dict[str, Any]]:
        """Return what the events of this type state, in order."""
        wanted = select(StoredEvent.data).where(StoredEvent.type == f"registration.{type}.v1")
        with self.site.database.reading() as session:
            return [data for data in session.scalars(wanted.order_by(StoredEvent.id)) if data]
