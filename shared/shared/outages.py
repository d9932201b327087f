"""The ground a process stands on is away: to be waited for, and nobody's mistake."""

import sqlite3

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

# SQLSTATE classes that speak of the ground we stand on (PostgreSQL, appendix A): connection, lack
# of resources, intervention of an operator, system. A cancelled query is its own fault.
_OUTAGES = ("08", "53", "57", "58")
_QUERY_CANCELED = "57014"
_READ_ONLY = "25006"  # a standby that has not been promoted, or a server that was told to be so
# And SQLite's (sqlite.org/rescode.html): busy, locked, read-only, input or output, full, no file.
_SQLITE_OUTAGES = (5, 6, 8, 10, 13, 14)
# A damaged file, or one that is no database.
_SQLITE_DAMAGES = (11, 26)


class Outage(Exception):
    """Something outside is away. The message says in one line what, and holds nothing secret."""


def is_outage(error: BaseException) -> bool:
    """Return whether *error* says that the database is away: wait and try again, blame no event."""
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated or isinstance(error, InterfaceError):
        return True
    if isinstance(error.orig, sqlite3.Error):
        return _sqlite_code(error.orig) in _SQLITE_OUTAGES
    state = getattr(error.orig, "sqlstate", None)
    if state is None:  # there was no connection on which to be told
        return isinstance(error, OperationalError)
    return state == _READ_ONLY or (state[:2] in _OUTAGES and state != _QUERY_CANCELED)


def is_damage(error: DBAPIError) -> bool:
    """Return whether *error* says that the file of the database is unusable: waiting is in vain."""
    return isinstance(error.orig, sqlite3.Error) and _sqlite_code(error.orig) in _SQLITE_DAMAGES


def _sqlite_code(error: sqlite3.Error) -> int:
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF  # the rest tells more of the same
