"""docs/events.md, rendered from the contracts: `python -m shared.contracts.catalogue`."""

import dataclasses
import inspect
from collections.abc import Iterator

from shared.contracts import Event, registry

_HEAD = """# Events

Rendered from `shared/contracts` by `make events`; do not edit.

Every event travels in a CloudEvents 1.0 envelope as structured JSON, the same bytes on every
route. `source` and `id` together are its key: what arrives twice is the same event.
`subjectversion` counts the events about one subject, `sequence` those of the whole source.
A contract only grows; what would break a reader is a new type, `.v2` beside `.v1`.
Events marked internal never leave the services of one installation."""


def render() -> str:
    """Return the catalogue as Markdown."""
    return "\n\n".join([_HEAD, *(_section(registry[name]) for name in sorted(registry))]) + "\n"


def _section(event: type[Event]) -> str:
    readers = ", ".join(event.consumers) or "nobody yet"
    return "\n".join(
        [
            f"## {event.type}",
            "",
            " ".join((inspect.getdoc(event) or "").split()),
            "",
            f"{event.visibility.capitalize()}. Read by: {readers}.",
            "",
            "| field | kind | meaning |",
            "|---|---|---|",
            *_rows(event),
        ]
    )


def _rows(event: type[Event]) -> Iterator[str]:
    for field in dataclasses.fields(event):  # type: ignore[arg-type]
        column = event.schema.fields[field.name]
        kind = type(column).__name__.lower() + (" or null" if column.allow_none else "")
        yield f"| `{field.name}` | {kind} | {field.metadata['meaning']} |"


if __name__ == "__main__":
    print(render(), end="")
