"""What holds for every test: its kind is its folder, and what could not be run is said aloud."""

from pathlib import Path

import pytest

from tests.support.needs import missing

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by the folder it lies in, so that none marks itself."""
    for item in items:
        item.add_marker(item.path.relative_to(HERE).parts[0])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say once, at the end, what this machine lacks."""
    for program in sorted(missing):
        terminalreporter.write_line(
            f"SKIPPED FOR WANT OF {program.upper()}: install it to run these tests too.",
            yellow=True,
            bold=True,
        )
