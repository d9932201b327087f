"""The files that the architecture tests look at."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = {
    "membership": ROOT / "services/membership",
    "notifications": ROOT / "services/notifications",
    "registration": ROOT / "services/registration",
    "shared": ROOT / "shared",
    "standalone": ROOT / "deploy/standalone",
}


def tracked() -> list[Path]:
    """Return every file that is committed or could be: whatever git does not ignore."""
    git = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(git, check=True, capture_output=True, text=True).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def production() -> list[Path]:
    """Return the Python files of the five packages, migrations excepted."""
    return [
        path
        for package, folder in PACKAGES.items()
        for path in sorted((folder / package).rglob("*.py"))
        if "migrations" not in path.parts
    ]
