"""Measure everything, or the parts named as arguments, and print the table."""

import os
import sys
from collections.abc import Callable, Iterable
from time import perf_counter

import pytest

from tests.benchmarks import broker, events, mails, registrations, sending, telling
from tests.benchmarks.table import Row, rendered

PARTS: dict[str, Callable[[], Iterable[Row]]] = {
    "postgresql": registrations.on_postgresql,
    "sqlite": registrations.on_sqlite,
    "events": events.rows,
    "broker": broker.rows,
    "mails": mails.rows,
    "sending": sending.rows,
    "telling": telling.rows,
}


def main(names: list[str]) -> None:
    """Measure the parts *names*."""
    if unknown := set(names) - PARTS.keys():
        sys.exit(f"No part is called {', '.join(unknown)}. There are: {', '.join(PARTS)}")
    begun, before = perf_counter(), os.getloadavg()[0]
    rows: list[Row] = []
    for name in names:
        print(f"measuring {name} ...", file=sys.stderr)
        try:
            rows.extend(PARTS[name]())
        except pytest.skip.Exception as missing:  # by tests.support.needs
            print(f"LEFT OUT: {missing}", file=sys.stderr)
    print(rendered(rows))
    # Who reads the figures must know what else this machine had to do.
    print(
        f"\n{os.cpu_count()} cores, load {before:.1f} before and {os.getloadavg()[0]:.1f} after; "
        f"measured in {perf_counter() - begun:.0f} s"
    )


if __name__ == "__main__":
    main(sys.argv[1:] or list(PARTS))
