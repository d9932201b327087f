"""The crash points that are struck at are all there are."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.sources import production
from tests.faults.members.acts import ACTS as OF_MEMBERS
from tests.faults.sending.acts import ACTS
from tests.faults.staff.acts import ACTS as OF_STAFF
from tests.faults.standalone.points import AT_START, AT_TROUBLE, AT_WORK, BY_COMMAND, points
from tests.faults.system.acts import ACTS as OF_THE_SYSTEM
from tests.faults.webinars.acts import ACTS as OF_WEBINARS

BESIDE_A_BROKER = {"rabbit", "sweep.py"}


def stated(path: Path) -> Iterator[str]:
    """Yield the crash points that the source at *path* names."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Call(func=ast.Name(called) | ast.Attribute(attr=called), args=[name, *_]):
                if isinstance(name, ast.Constant) and called == "transaction":
                    yield from points([str(name.value)])
                elif isinstance(name, ast.Constant) and called == "crashpoint":
                    yield str(name.value)


def test_every_point_that_needs_no_broker_is_struck_at() -> None:
    sources = [path for path in production() if not BESIDE_A_BROKER & set(path.parts)]

    named = {point for path in sources for point in stated(path)}

    acts = [*ACTS, *OF_MEMBERS, *OF_STAFF, *OF_THE_SYSTEM, *OF_WEBINARS]
    assert named == set(points([*AT_WORK, *AT_TROUBLE, *AT_START, *BY_COMMAND, *acts]))
