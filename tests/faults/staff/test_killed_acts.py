"""kill -9 on either side of each commit by which staff are let in, let out, or changed."""

import signal
from pathlib import Path

import pytest

from tests.faults.staff.acts import ACTS, Place
from tests.support.cut_off import act, prepared


@pytest.mark.parametrize("name", ACTS)
def test_who_is_cut_off_has_done_it_wholly_or_not_at_all(name: str, tmp_path: Path):
    place = prepared(Place, name, tmp_path / "place")
    untouched = place.told()

    assert act(Place, name, tmp_path / "place", CRASH_AT=f"{name}.before_commit") == -signal.SIGKILL
    assert place.told() == untouched
    assert act(Place, name, tmp_path / "place") == 0
    done = place.told()
    assert done != untouched

    other = prepared(Place, name, tmp_path / "other")
    assert act(Place, name, tmp_path / "other", CRASH_AT=f"{name}.after_commit") == -signal.SIGKILL
    assert other.told() == done
    place.close()
    other.close()
