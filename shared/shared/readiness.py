"""Waiting for what a process needs, saying once for what."""

import threading
from collections.abc import Callable

import structlog

from shared.db import Database
from shared.migrations import is_current
from shared.outages import Outage, is_outage

_log = structlog.get_logger(__name__)
_PAUSE = 1.0  # seconds
_REMINDER = 60  # pauses
DATABASE_AWAY = "DATABASE_URL: the database does not answer. Is it running?"


def not_migrated(package: str) -> str:
    """Return what to do about a database that is not of the form that this version expects."""
    return f"DATABASE_URL: the database is not up to date. Run: {package} migrate"


def wait_until_migrated(database: Database, package: str) -> None:
    """Return once *database* answers and has the form that this version expects."""
    passed = 0
    while reason := _lack(database, package):
        if passed % _REMINDER == 0:
            _log.warning("waiting", reason=reason)
        passed += 1
        threading.Event().wait(_PAUSE)


def patiently(work: Callable[[], None], *, seconds: int) -> None:
    """Do *work*, again each second while what it needs is away. Raises Outage after *seconds*.

    For what is run once, perhaps a moment before what it needs has started.
    """
    for left in reversed(range(seconds)):
        try:
            work()
        except Outage as outage:
            if not left:
                raise
            if left == seconds - 1:
                _log.warning("waiting", reason=str(outage))
            threading.Event().wait(_PAUSE)
        else:
            return


def _lack(database: Database, package: str) -> str | None:
    try:
        return None if is_current(database, package) else not_migrated(package)
    except Exception as error:
        if is_outage(error):
            return DATABASE_AWAY
        raise
