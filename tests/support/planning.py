"""Staff at their desk, as the tests of webinars meet them: what they do, without a page."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from registration import planning
from registration.models import Webinar
from registration.planning import WebinarDetails, details_of
from registration.seating import seat_next
from registration.telling import tell_next
from shared.messaging.models import StoredEvent
from shared.staff import Role
from tests.support.registering import Site
from tests.support.staff import a_member_of_staff, sign_in
from tests.support.web import csrf_token

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


def typed(**changes: Any) -> dict[str, Any]:
    """Return what staff type into the form about a webinar."""
    return {
        "title": "Walking together",
        "summary": "A walk, and a talk.",
        "expect": "We meet online.",
        "day": "9",
        "month": "7",
        "year": "2026",
        "time": "2:30pm",
        "minutes": "60",
        "capacity": "5",
        "joining_link": "https://meet.example.org/walking",
        "panel_name": ["Ash Example", ""],
        "panel_biography": ["Ash walks at night.", ""],
        "do": "save",
    } | changes


class Console:
    """A browser in which a member of staff is signed in to the console."""

    def __init__(self, site: Site, role: Role = Role.EDITOR, name: str = "Sam Example") -> None:
        self.site = site
        self.staff = a_member_of_staff(role, name)
        self.browser: FlaskClient = site.browser()
        sign_in(self.browser, self.staff, site.app)

    def sees(self, path: str = "", *, status: int = 200) -> str:
        """Return the page at *path* below /staff/webinars."""
        answer = self.browser.get(f"/staff/webinars{path}")
        assert answer.status_code == status, answer.text
        return answer.text

    def posts(self, path: str, *, form: str = "", **said: Any) -> TestResponse:
        """Send a form to *path*, with the token of the page at *form*."""
        token = csrf_token(self.browser, f"/staff/webinars{form or path}")
        data = said | {"csrf_token": token}
        return self.browser.post(f"/staff/webinars{path}", data=data)

    def does(self, path: str, *, form: str = "", **said: Any) -> str:
        """Send a form that is taken; return the path that it leads to."""
        answer = self.posts(path, form=form, **said)
        assert answer.status_code == 303, answer.text
        return answer.location.removeprefix("/staff/webinars")


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
