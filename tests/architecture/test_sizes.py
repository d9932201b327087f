"""Small files and small functions: a budget keeps modules small where a layer does not."""

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.architecture.sources import ROOT, production

LONGEST_FILE, MEDIAN_FILE = 300, 60
LONGEST_FUNCTION, MEDIAN_FUNCTION = 40, 8


def lines_of(path: Path) -> int:
    """Return how many lines *path* has."""
    return len(path.read_text().splitlines())


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Yield the place and the lines of each function, signature and docstring included."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            place = f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
            yield place, (node.end_lineno or node.lineno) - node.lineno + 1


FILES = {str(path.relative_to(ROOT)): lines_of(path) for path in production()}
FUNCTIONS = dict(function for path in production() for function in functions(path))


def beyond(sizes: dict[str, int], limit: int) -> dict[str, int]:
    return {name: size for name, size in sizes.items() if size > limit}


def test_no_file_is_too_long() -> None:
    assert beyond(FILES, LONGEST_FILE) == {}


def test_no_function_is_too_long() -> None:
    assert beyond(FUNCTIONS, LONGEST_FUNCTION) == {}


def test_files_are_short_as_a_rule() -> None:
    assert median(FILES.values()) <= MEDIAN_FILE


def test_functions_are_short_as_a_rule() -> None:
    assert median(FUNCTIONS.values()) <= MEDIAN_FUNCTION
