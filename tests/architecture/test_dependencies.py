"""What packages need: said once, in their own pyproject.toml, and pinned alike for all of them."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.sources import PACKAGES, ROOT, tracked

OURS = {f"coproduce-{package}" for package in PACKAGES}
# Needed, though no line imports them: servers, drivers, templates and data are loaded by name.
LOADED_BY_NAME = {"gunicorn", "nhsuk-frontend-jinja", "psycopg", "tzdata"}
LOCKS = {path.stem: path for path in (ROOT / "locks").glob("*.txt")}
REGISTRIES = re.compile(r"pypi\.|pythonhosted|npmjs|yarnpkg|docker\.io|gcr\.io|ghcr\.|quay\.io")


def needs(package: str) -> dict[str, Requirement]:
    """Return what *package* says it needs, by name."""
    project = tomllib.loads((PACKAGES[package] / "pyproject.toml").read_text())["project"]
    requirements = map(Requirement, project["dependencies"])
    return {canonicalize_name(requirement.name): requirement for requirement in requirements}


def needs_in_all(package: str) -> dict[str, Requirement]:
    """Return what *package* needs, and in turn those of ours that it stands on."""
    own = needs(package)
    below = (needs_in_all(name.removeprefix("coproduce-")) for name in own if name in OURS)
    return own | {name: requirement for found in below for name, requirement in found.items()}


def pins(lock: Path) -> dict[str, str]:
    """Return the versions that *lock* pins, by name."""
    return dict(re.findall(r"^([a-z0-9-]+)(?:\[.*\])?==([^ ]+)", lock.read_text(), re.MULTILINE))


def imports(path: Path) -> Iterator[str]:
    """Yield the top-level name of each module that *path* imports."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def imported(package: str) -> set[str]:
    """Return the distributions that the code of *package* imports, itself excepted."""
    names = {name for path in (PACKAGES[package] / package).rglob("*.py") for name in imports(path)}
    ours = {name: [f"coproduce-{name}"] for name in PACKAGES}
    installed = {**packages_distributions(), **ours}
    outside = names - sys.stdlib_module_names - {package}
    return {canonicalize_name(found) for name in outside for found in installed[name]}


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_declares_what_it_imports(package: str) -> None:
    through_shared = set() if package == "shared" else needs("shared").keys()

    assert imported(package) - needs(package).keys() - through_shared == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_imports_what_it_declares(package: str) -> None:
    assert needs(package).keys() - imported(package) - LOADED_BY_NAME == set()


def test_locks_agree_on_every_version() -> None:
    everything = pins(LOCKS["dev"])

    for lock in LOCKS.values():
        assert pins(lock).items() <= everything.items(), lock.name


@pytest.mark.parametrize("package", sorted(PACKAGES.keys() - {"shared"}))
def test_a_lock_satisfies_what_its_package_needs(package: str) -> None:
    pinned = pins(LOCKS[package])
    wanted = {name: need for name, need in needs_in_all(package).items() if name not in OURS}

    unsatisfied = [
        str(need)
        for name, need in wanted.items()
        if not need.specifier.contains(pinned.get(name, "0"))
    ]
    assert unsatisfied == [], "run `make lock`"


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_place_to_get_packages_from(lock: str) -> None:
    assert re.findall(r"https?:|--(?:index|extra-index|find-links)", LOCKS[lock].read_text()) == []


def test_no_committed_file_names_a_package_registry() -> None:
    naming = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path != Path(__file__) and REGISTRIES.search(path.read_bytes().decode(errors="replace"))
    ]
    assert naming == []
