"""What a place keeps, so that each thing that is tried there finds it as it was."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from shared.db import Database

# Counted, whatever becomes of what was asked.
_COUNTERS = {"rate_limit"}
_Rows = Mapping[str, list[tuple[object, ...]]]


class _Kept:
    """One database: how it was, and whether anything has been written since."""

    def __init__(self, database: Database) -> None:
        self._live = sqlite3.connect(str(database.engine.url.database), isolation_level=None)
        self._live.execute("pragma synchronous = off")
        self._before = sqlite3.connect(":memory:")
        self._live.backup(self._before)
        self._rows = _rows(self._before)
        self._version = self._present()

    def is_written(self) -> bool:
        """Return whether others have written since it was last as it was."""
        return self._present() != self._version

    def changes(self) -> list[str]:
        """Return the tables in which there is now something else."""
        now = _rows(self._live)
        return [table for table, rows in now.items() if rows != self._rows[table]]

    def restore(self) -> None:
        """Make it as it was."""
        self._before.backup(self._live)
        self._version = self._present()

    def close(self) -> None:
        self._live.close()
        self._before.close()

    def _present(self) -> int:
        (version,) = self._live.execute("pragma data_version").fetchone()
        return int(version)


class Keeping:
    """All databases of a place."""

    def __init__(self, databases: Mapping[str, Database]) -> None:
        self._kept = {name: _Kept(database) for name, database in databases.items()}

    def undo(self) -> list[str]:
        """Make everything as it was; return the tables that were not, counters excepted."""
        changed: list[str] = []
        for name, kept in self._kept.items():
            if kept.is_written():
                changed += [f"{name}.{table}" for table in kept.changes()]
                kept.restore()
        return changed

    def close(self) -> None:
        """Close every connection."""
        for kept in self._kept.values():
            kept.close()


@contextmanager
def keeping(databases: Mapping[str, Database]) -> Iterator[Keeping]:
    """Yield what makes *databases* as they are now, as often as is wanted."""
    kept = Keeping(databases)
    yield kept
    kept.close()


def _rows(connection: sqlite3.Connection) -> _Rows:
    named = "select name from sqlite_master where type = 'table'"
    tables = {name for (name,) in connection.execute(named)} - _COUNTERS
    return {
        table: sorted(connection.execute(f"select * from {table}"), key=repr)  # noqa: S608
        for table in tables
    }
