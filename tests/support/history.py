"""A publisher's history as other services read it: over HTTP, and as if time had passed."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from flask import Flask
from sqlalchemy import insert, update
from werkzeug.serving import make_server

from shared.db import Database, database_now
from shared.messaging.feed import SETTLED
from shared.messaging.models import StoredEvent
from shared.web import feed, make_app
from tests.support.house import a_fact
from tests.support.web import some_settings

TOKEN = "f" * 32


def an_app(database: Database, name: str = "registration") -> Flask:
    """Return an app that shows the history in *database* and no more."""
    app = make_app(name, settings=some_settings(), database=database)
    feed.install(app, TOKEN)
    return app


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Yield the address of *app* on a real server."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def publish_long_ago(database: Database, count: int) -> None:
    """Record so many events as if they had been published long since."""
    with database.transaction("test") as session:
        moment = database_now(session) - 2 * SETTLED
        event = a_fact(session)
        common = {
            "type": event.type,
            "time": moment,
            "subject": "old",
            "correlation_id": "c",
            "traceparent": "t",
            "visibility": event.visibility,
            "data": event.dump(),
            "published_at": moment,
        }
        rows = [common | {"subject_version": n, "position": n} for n in range(1, count + 1)]
        session.execute(insert(StoredEvent), rows)


def let_settle(database: Database) -> None:
    """Make everything that is published as old as if it had been so for a while."""
    with database.transaction("test") as session:
        then = database_now(session) - 2 * SETTLED
        newer = StoredEvent.published_at > then + timedelta(seconds=1)
        session.execute(update(StoredEvent).where(newer).values(published_at=then))
