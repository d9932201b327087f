"""All three services in one test, step by step: what people do, and all that is kept of it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import MetaData, select

from notifications.app import make_sender
from shared.contracts import Envelope
from shared.db import Database
from shared.messaging import LocalTransport, Relay, Worker, accept
from shared.web import house_of
from standalone.services import SERVICES
from tests.support.mails import environ
from tests.support.once import migrate
from tests.support.web import csrf_token


class Whole:
    """One installation without processes: everything happens when it is told to."""

    def __init__(
        self, new_database: Callable[[], Database], directory: Path, **settings: str
    ) -> None:
        self.mailbox = directory / "mailbox"
        self.databases: dict[str, Database] = {}
        self.apps: dict[str, Flask] = {}
        self._environs: dict[str, dict[str, str]] = {}
        for service in SERVICES:
            url = new_database().engine.url.render_as_string(hide_password=False)
            stated = environ(directory, DATABASE_URL=url, BASE_URL="http://localhost", **settings)
            app = self.apps[service.name] = service.create_app(stated)
            self.databases[service.name] = house_of(app).database
            self._environs[service.name] = stated
            migrate(self.databases[service.name], service.name)
        self._steps = [*self._every_step()]

    def _every_step(self) -> Iterator[Callable[[], int]]:
        inboxes = {self.databases[service.name]: service.handled for service in SERVICES}
        transport = LocalTransport(inboxes)
        for service in SERVICES:
            database = self.databases[service.name]
            yield Relay(database, transport).run_once
            yield Worker(database, service.handlers).run_once
            for make in service.own_work.values():
                yield make(self._environs[service.name], database)
        yield make_sender(self._environs["notifications"], self.databases["notifications"]).run_once

    def close(self) -> None:
        """Close every connection."""
        for database in self.databases.values():
            database.dispose()

    def settle(self) -> None:
        """Do all there is to do, until nothing is."""
        while sum(step() for step in self._steps):
            pass

    def send(self, service: str, path: str, *, form: str = "", **typed: Any) -> str:
        """Send what was typed into the form at *path*, or at *form*; return where that leads."""
        browser = self.apps[service].test_client()
        token = csrf_token(browser, form or path)
        answer = browser.post(path, data=typed | {"csrf_token": token})
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"]

    def token(self, service: str, purpose: Any, id: Any, generation: int) -> str:
        """Return the path of somebody's own page."""
        return f"/{purpose}/{house_of(self.apps[service]).links.token(purpose, id, generation)}"

    def hear(self, service: str, *envelopes: Envelope) -> None:
        """Let events arrive at *service*, late or once more."""
        with self.databases[service].transaction("test") as session:
            accept(session, [envelope.to_bytes() for envelope in envelopes])

    def rows(self, service: str, model: Any) -> list[Any]:
        """Return every row of *model*."""
        with self.databases[service].reading() as session:
            return list(session.scalars(select(model)))

    def kept(self) -> Iterator[tuple[str, str]]:
        """Yield the place and the text of every value of every table, and of every letter."""
        for service, database in self.databases.items():
            tables = MetaData()
            tables.reflect(database.engine)
            for table in tables.sorted_tables:
                with database.engine.connect() as connection:
                    for row in connection.execute(select(table)).mappings():
                        for column, value in row.items():
                            yield f"{service}.{table.name}.{column}", text_of(value)
        for letter in self.mailbox.iterdir():
            yield f"mailbox/{letter.name}", letter.read_text()

    def naming(self, *marks: str) -> list[str]:
        """Return the places where any of *marks* stands, each once."""
        found = {
            place for place, text in self.kept() if any(mark in text.lower() for mark in marks)
        }
        return sorted(found)


def text_of(value: Any) -> str:
    """Return *value* as somebody who searches a database reads it."""
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode(errors="replace")
    return str(value)
