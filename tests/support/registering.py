"""Registration as the public meets it: its app on a database of its own, with webinars in it."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from registration import planning
from registration.app import create_app
from registration.models import Registration, Webinar
from registration.planning import PanelMember, WebinarDetails
from shared.links import Purpose
from shared.messaging.models import StoredEvent
from shared.web import house_of
from tests.support.once import migrate
from tests.support.web import Clock, an_environ, csrf_token

SLUG = "sleeping-better"
_OF_NOBODY = {"webinar_published", "webinar_changed", "webinar_cancelled", "staff_acted"}
JOINING_LINK = "https://meet.example.org/secret"


def environ(database_url: str, **changes: str) -> dict[str, str]:
    """Return an environment that registration can run in."""
    limits = {"REGISTRATIONS_PER_NETWORK_HOUR": "1000", "REGISTRATIONS_PER_ADDRESS_DAY": "1000"}
    return an_environ(database_url, **limits | changes)


class Site:
    """The public site of one installation, at a moment that the test decides."""

    def __init__(self, database_url: str, **settings: str) -> None:
        self.clock = Clock()
        self.app = create_app(environ(database_url, **settings), clock=self.clock)
        self.house = house_of(self.app)
        self.database = self.house.database
        migrate(self.database, "registration")

    def browser(self) -> FlaskClient:
        """Return a browser with no cookies yet."""
        return self.app.test_client()

    def add(self, slug: str = SLUG, *, places: int = 5, days: int = 7) -> Webinar:
        """Add a webinar that starts in *days*, at this time of the day."""
        starts_at = self.clock() + timedelta(days=days)
        details = WebinarDetails(
            title="Sleeping better",
            summary="What helps, and what does not.",
            expect="A talk, then questions.\n\nThere are captions.",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=1),
            capacity=places,
            joining_link=JOINING_LINK,
            panel=(PanelMember(name="Ash Example", biography="Ash works nights."),),
        )
        with self.database.transaction("test") as session:
            return planning.add_webinar(session, details, slug=slug, by="Sam")

    def cancel(self, webinar: Webinar) -> None:
        """Cancel *webinar* as staff do."""
        with self.database.transaction("test") as session:
            row = session.get_one(Webinar, webinar.id)
            planning.cancel(session, row, message="", version=row.version, by="Sam")

    def send(self, browser: FlaskClient, slug: str = SLUG, **typed: str) -> TestResponse:
        """Fill in the form and send it."""
        path = f"/webinars/{slug}/register"
        token = csrf_token(browser, path)
        return browser.post(path, data=a_person() | typed | {"csrf_token": token})

    def post(self, body: Any, slug: str = SLUG, **headers: str) -> TestResponse:
        """Register by program."""
        path = f"/v1/webinars/{slug}/registrations"
        return self.browser().post(path, json=body, headers=headers)

    def registrations(self) -> list[Registration]:
        """Return every registration, the oldest first."""
        with self.database.reading() as session:
            return list(session.scalars(select(Registration).order_by(Registration.id)))

    def events(self) -> list[str]:
        """Return the types of the events about people, without publisher and version, in order."""
        with self.database.reading() as session:
            types = session.scalars(select(StoredEvent.type).order_by(StoredEvent.id))
            names = [type.split(".")[1] for type in types]
        return [name for name in names if name not in _OF_NOBODY]

    def writes(self) -> int:
        """Return how many events there are: a number that grows with every change."""
        with self.database.reading() as session:
            return session.scalar(select(func.count()).select_from(StoredEvent)) or 0

    def link(self, registration: Registration, *, generation: int | None = None) -> str:
        """Return the path of the person's own page."""
        wanted = registration.link_generation if generation is None else generation
        token = self.house.links.token(Purpose.REGISTRATION, registration.id, wanted)
        return f"/registrations/{token}"


def a_person(name: str = "Jo", **changes: str) -> dict[str, str]:
    """Return what somebody types into the form."""
    return {"name": name, "email": f"{name.lower()}@example.org"} | changes


def told(answer: TestResponse, receipt: str = "") -> tuple[int, dict[str, str], str]:
    """Return all that a stranger can compare, without what differs at every request."""
    differing = {"Set-Cookie", "Content-Security-Policy", "Date"}
    headers = {name: value for name, value in answer.headers.items() if name not in differing}
    page = re.sub(r'nonce="[^"]*"|value="Im[^"]*"', "", receipt or answer.text)
    return answer.status_code, headers, page.replace("robin@", "jo@")


def on_a_file(directory: Path, **settings: str) -> Site:
    """Return a site on SQLite."""
    return Site(f"sqlite:///{directory}/registration.db", **settings)
