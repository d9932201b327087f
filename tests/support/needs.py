"""Programs besides Python that some tests need: skipped without them, but never where CI is set."""

import os
import shutil
from pathlib import Path

import pytest

# Any of these will do; Debian keeps the programs of the servers off the path.
PROGRAMS = {
    "chromium": ["chromium", "chromium-browser", "google-chrome"],
    "java": ["java"],
    "npm": ["npm"],
    "postgresql": ["initdb"],
    "rabbitmq": ["rabbitmq-server"],
}
# RabbitMQ's first: Debian's own commands of the same names insist on user rabbitmq.
ASIDE = [
    *(str(path) for path in Path("/usr/lib/postgresql").glob("*/bin")),
    "/usr/lib/rabbitmq/bin",
]
missing: set[str] = set()


def need(program: str) -> Path:
    """Return where *program* ("chromium", "postgresql": its initdb) is, or skip the test."""
    path = os.pathsep.join([*sorted(ASIDE, reverse=True), os.environ["PATH"]])
    found = (shutil.which(name, path=path) for name in PROGRAMS[program])
    first = next(filter(None, found), None)
    if first:
        return Path(first)
    if os.environ.get("CI"):
        pytest.fail(f"{program} is missing, and where CI is set nothing may be skipped")
    missing.add(program)
    pytest.skip(f"{program} is not installed")
