"""What the tests themselves must keep to."""

import ast
from pathlib import Path

from tests.architecture.sources import ROOT


def sleeps(path: Path) -> bool:
    """Return whether *path* calls anything named sleep."""
    calls = (
        node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)
    )
    return any("sleep" in (getattr(call, "attr", ""), getattr(call, "id", "")) for call in calls)


def test_no_test_sleeps() -> None:
    """A test waits for a condition, with a deadline; a fixed time is too long or too short."""
    assert [str(path) for path in ROOT.glob("tests/**/*.py") if sleeps(path)] == []
