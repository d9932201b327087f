"""kill -9 on either side of each commit by which staff are let in, let out, or changed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.staff.acts import ACTS, Place


def prepared(name: str, directory: Path) -> Place:
    directory.mkdir()
    place = Place(directory)
    place.prepare(name)
    return place


def act(name: str, directory: Path, **more: str) -> int:
    """Do it in a process of its own; return how that ended."""
    command = [sys.executable, "-m", "tests.faults.staff.acts", name, str(directory)]
    return subprocess.run(command, env=os.environ | more, check=False).returncode


@pytest.mark.parametrize("name", ACTS)
def test_who_is_cut_off_has_done_it_wholly_or_not_at_all(name: str, tmp_path: Path):
    place = prepared(name, tmp_path / "place")
    untouched = place.told()

    assert act(name, tmp_path / "place", CRASH_AT=f"{name}.before_commit") == -signal.SIGKILL
    assert place.told() == untouched
    assert act(name, tmp_path / "place") == 0
    done = place.told()
    assert done != untouched

    other = prepared(name, tmp_path / "other")
    assert act(name, tmp_path / "other", CRASH_AT=f"{name}.after_commit") == -signal.SIGKILL
    assert other.told() == done
    place.desk.database.dispose()
    other.desk.database.dispose()
