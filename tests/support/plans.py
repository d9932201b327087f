"""How PostgreSQL went about each statement: the plans that were really followed."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from shared.db import Database


@contextmanager
def explained(*databases: Database) -> Iterator[list[dict[str, Any]]]:
    """Yield each statement that the block has executed, with the plan that was really followed."""
    plans: list[dict[str, Any]] = []

    def note(diagnostic: Any) -> None:
        _, _, plan = diagnostic.message_primary.partition("plan:\n")
        if plan:
            plans.append(json.loads(plan))

    def explain(connection: Any, _record: Any) -> None:
        connection.execute("load 'auto_explain'")
        for setting in ("log_min_duration = 0", "log_analyze = on", "log_format = json"):
            connection.execute(f"set auto_explain.{setting}")
        connection.execute("set client_min_messages = log")
        connection.commit()
        connection.add_notice_handler(note)

    for database in databases:
        database.dispose()
        event.listen(database.engine, "connect", explain)
    yield plans
    for database in databases:
        event.remove(database.engine, "connect", explain)


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every step of *plan*."""
    yield plan
    for inner in plan.get("Plans", ()):
        yield from nodes(inner)


def rows_read(node: dict[str, Any]) -> float:
    """Return how many rows a step has looked at, those included that it did not want."""
    removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return float((node["Actual Rows"] + removed) * node["Actual Loops"])
