"""One active relay per database: the lock lets go by itself when its holder dies."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from shared.db import Database

_RELAY_LOCK = 0x636F70726F  # "copro": any number, the same for every relay of one database


@contextmanager
def leadership(database: Database) -> Iterator[bool]:
    """Yield whether the caller is the one active relay, which it stays while the block runs.

    On PostgreSQL a transaction holds the lock, so that it passes poolers and dies with its
    connection, which the server ends if its holder is frozen; on SQLite a file beside the database
    does.
    """
    if database.dialect == "postgresql":
        with database.engine.begin() as connection:
            yield connection.execute(
                text("select pg_try_advisory_xact_lock(:lock)"), {"lock": _RELAY_LOCK}
            ).scalar_one()
        return
    with open(f"{database.engine.url.database}.relay.lock", "w") as file:
        yield _lock(file.fileno())


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
