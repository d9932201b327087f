"""Freeze a sample of each contract that has none yet: `make release`.

A frozen sample is what some reader may rely on, so it is never written again.
"""

import json
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_type_hints
from uuid import UUID

from shared.contracts import Envelope, Event, registry

RELEASED = Path(__file__).parent / "released"
_MOMENT = datetime(2026, 7, 2, 11, 0, tzinfo=UTC)
_VALUES: dict[Any, Any] = {
    str: "A text – with ümlauts",
    int: 1,
    bool: True,
    datetime: _MOMENT,
    UUID: UUID("01970000-0000-7000-8000-000000000002"),
    list[UUID]: [UUID("01970000-0000-7000-8000-000000000004")],
    list[str]: ["A text"],
    list[datetime]: [_MOMENT],
    str | None: "north",
}


def sample(event: type[Event]) -> bytes:
    """Return an event of this type as it would travel, laid out for people to read."""
    hints = get_type_hints(event)
    values = {field.name: _VALUES[hints[field.name]] for field in fields(event)}  # type: ignore[arg-type]
    envelope = Envelope(
        id=UUID("01970000-0000-7000-8000-000000000001"),
        source=f"urn:coproduce:example:{event.type.partition('.')[0]}",
        type=event.type,
        time=_MOMENT,
        subject="01970000-0000-7000-8000-000000000003",
        subjectversion=1,
        sequence="1".zfill(20),
        correlationid="7f0c2d4e-0000-4000-8000-000000000000",
        causationid=None,
        traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        dataref=None,
        data=event(**values).dump(),
    )
    pretty = json.dumps(json.loads(envelope.to_bytes()), indent=2, ensure_ascii=False)
    return pretty.encode() + b"\n"


def main() -> None:
    """Write the samples that are missing."""
    RELEASED.mkdir(exist_ok=True)
    for name, event in registry.items():
        path = RELEASED / f"{name}.json"
        if not path.exists():
            path.write_bytes(sample(event))
            print(f"Released {name}")


if __name__ == "__main__":
    main()
