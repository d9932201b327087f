"""What handlers keep of events. The rows of a whole batch are written together."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy.orm import Session

from shared.db import dialect_of, insert_in

_ROWS = "rows to keep"


def keep_newest(session: Session, model: Any, row: Mapping[str, Any], *, key: str) -> None:
    """Keep *row* of *model* unless the row with the same *key* has this `version` or a newer one.

    When handlers run together it is written after the last of them.
    """
    _keep(session, _newest(dialect_of(session), model, key), row)


def keep_first(session: Session, model: Any, row: Mapping[str, Any]) -> None:
    """Keep *row* of *model* unless there is one with the same keys; written as `keep_newest` is."""
    _keep(session, _first(dialect_of(session), model), row)


@contextmanager
def kept_together(session: Session) -> Iterator[None]:
    """Write what is kept in the block when it ends, in order: each statement once for all rows."""
    gathered = session.info[_ROWS] = {}
    yield
    del session.info[_ROWS]
    for (statement, *_), rows in gathered.items():
        session.execute(statement, rows)


def _keep(session: Session, statement: Any, row: Mapping[str, Any]) -> None:
    gathered = session.info.get(_ROWS)
    if gathered is None:
        session.execute(statement, row)
    else:
        gathered.setdefault((statement, *row), []).append(row)


# Made once each: to make such a statement takes longer than to execute it. They are of the table,
# not of the model, which would be looked up anew each time.
@cache
def _newest(dialect: str, model: Any, key: str) -> Any:
    table = model.__table__
    new = insert_in(dialect, table)
    return new.on_conflict_do_update(
        index_elements=[key],
        set_={column.name: new.excluded[column.name] for column in table.c if column.name != key},
        where=table.c.version < new.excluded.version,
    )


@cache
def _first(dialect: str, model: Any) -> Any:
    return insert_in(dialect, model.__table__).on_conflict_do_nothing()
