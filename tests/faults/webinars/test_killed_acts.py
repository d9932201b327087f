"""kill -9 on either side of each commit by which staff change a webinar, or people hear of it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.webinars.acts import ACTS, Scene


def prepared(name: str, directory: Path) -> Scene:
    directory.mkdir()
    scene = Scene(directory)
    scene.prepare(name)
    return scene


def act(name: str, directory: Path, **more: str) -> int:
    """Do it in a process of its own; return how that ended."""
    command = [sys.executable, "-m", "tests.faults.webinars.acts", name, str(directory)]
    return subprocess.run(command, env=os.environ | more, check=False).returncode


@pytest.mark.parametrize("name", ACTS)
def test_who_is_cut_off_has_done_it_or_not_and_may_do_it_again(name: str, tmp_path: Path):
    whole = prepared(name, tmp_path / "whole")
    untouched = whole.told()
    assert act(name, tmp_path / "whole") == 0
    done = whole.told()
    assert done != untouched

    for moment in ("before_commit", "after_commit"):
        killed = prepared(name, tmp_path / moment)
        assert act(name, tmp_path / moment, CRASH_AT=f"{name}.{moment}") == -signal.SIGKILL
        assert (killed.told() == done) == (moment == "after_commit")
        assert act(name, tmp_path / moment) == 0
        assert killed.told() == done
        killed.site.database.dispose()
    whole.site.database.dispose()
