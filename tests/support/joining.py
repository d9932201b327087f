"""Membership as people meet it: its app on a database of its own, at a moment the test decides."""

import re
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from membership.app import create_app
from membership.members.choices import offer
from membership.members.models import ChoiceKind, ConsentStatement, Member
from shared.links import Purpose
from shared.messaging.models import StoredEvent
from shared.web import house_of
from tests.support.once import migrate
from tests.support.web import Clock, an_environ, csrf_token

AGREED = {"consent_record": "1", "consent_invitations": "1", "consent_sharing": "1"}


def environ(database_url: str, **changes: str) -> dict[str, str]:
    """Return an environment that membership can run in."""
    limits = {"JOINS_PER_NETWORK_HOUR": "1000", "JOINS_PER_ADDRESS_DAY": "1000"}
    return an_environ(database_url, **limits | changes)


class Club:
    """The membership of one installation, with two places to live in."""

    def __init__(self, database_url: str, **settings: str) -> None:
        self.clock = Clock()
        self.app = create_app(environ(database_url, **settings), clock=self.clock)
        self.house = house_of(self.app)
        self.database = self.house.database
        migrate(self.database, "membership")
        with self.database.transaction("test") as session:
            for code in ("north", "south"):
                offer(session, ChoiceKind.LOCALITY, code, f"{code.capitalize()} Exampleshire")

    def browser(self) -> FlaskClient:
        """Return a browser with no cookies yet."""
        return self.app.test_client()

    def ask(self, browser: FlaskClient | None = None, /, **typed: Any) -> TestResponse:
        """Fill in the form to join and send it."""
        return self.send("/join", browser, **an_applicant() | typed)

    def send(self, path: str, browser: FlaskClient | None = None, /, **typed: Any) -> TestResponse:
        """Send what was typed into the form at *path*."""
        client = browser or self.browser()
        data = {name: value for name, value in typed.items() if value is not None}
        return client.post(path, data=data | {"csrf_token": csrf_token(client, path)})

    def join(self, **typed: Any) -> str:
        """Join, button behind the mailed link and all; return the path of the own page."""
        assert self.ask(**typed).status_code == 303
        assert self.send(self.proof()).status_code == 303
        return self.own()

    def members(self) -> list[Member]:
        """Return every row, the oldest first, with what was chosen."""
        with self.database.reading() as session:
            found = list(session.scalars(select(Member).order_by(Member.id)))
            for member in found:
                assert member.choices is not None
            return found

    def said(self) -> list[tuple[str, bool]]:
        """Return what was agreed to and what no longer, in order."""
        with self.database.reading() as session:
            rows = session.scalars(select(ConsentStatement).order_by(ConsentStatement.id))
            return [(row.purpose, row.given) for row in rows]

    def events(self) -> list[StoredEvent]:
        """Return every event, in order."""
        with self.database.reading() as session:
            return list(session.scalars(select(StoredEvent).order_by(StoredEvent.id)))

    def names(self) -> list[str]:
        """Return the types of the events, without publisher and version, in order."""
        return [event.type.split(".")[1] for event in self.events()]

    def writes(self) -> int:
        """Return a number that grows with every change."""
        with self.database.reading() as session:
            return session.scalar(select(func.count()).select_from(StoredEvent)) or 0

    def proof(self, nth: int = -1) -> str:
        """Return the path of the link by which somebody proves their address."""
        member = self.members()[nth]
        token = self.house.links.token(Purpose.JOINING, member.id, member.pending_generation)
        return f"/join/{token}"

    def own(self, nth: int = -1) -> str:
        """Return the path of somebody's own page."""
        member = self.members()[nth]
        token = self.house.links.token(Purpose.MEMBER, member.id, member.link_generation)
        return f"/members/{token}"


def an_applicant(name: str = "Jo", **changes: Any) -> dict[str, Any]:
    """Return what somebody types into the form to join."""
    typed = {
        "name": name,
        "email": f"{name.lower()}@example.org",
        "reach": "email",
        "backgrounds": ["lived-experience", "carer"],
        "locality": "north",
        "interests": ["reading"],
        "access_needs": "Captions",
    }
    return typed | AGREED | changes


def told(answer: TestResponse, page: str = "") -> tuple[int, dict[str, str], str]:
    """Return all that a stranger can compare, without what differs at every request."""
    differing = {"Set-Cookie", "Content-Security-Policy", "Date"}
    headers = {name: value for name, value in answer.headers.items() if name not in differing}
    text = re.sub(r'nonce="[^"]*"|value="Im[^"]*"', "", page or answer.text)
    return answer.status_code, headers, text.replace("robin@", "jo@")


def on_a_file(directory: Path, **settings: str) -> Club:
    """Return a club on SQLite."""
    return Club(f"sqlite:///{directory}/membership.db", **settings)
