"""kill -9 on either side of each commit by which somebody joins, decides, or is forgotten."""

import signal
from pathlib import Path

import pytest

from tests.faults.members.acts import ACTS, Scene
from tests.support.cut_off import SIDES, act, done_or_not_and_again, prepared

AGAIN = "erase_again"


@pytest.mark.parametrize("name", [name for name in ACTS if name != AGAIN])
def test_who_is_cut_off_has_done_it_or_not_and_may_do_it_again(name: str, tmp_path: Path):
    assert done_or_not_and_again(Scene, name, tmp_path) == SIDES


@pytest.mark.parametrize("moment", ["before_commit", "after_commit"])
def test_erasing_again_asks_all_services_or_none_and_once_more_when_done_again(
    tmp_path: Path, moment: str
):
    killed = prepared(Scene, AGAIN, tmp_path / moment)
    untouched = killed.told()

    assert act(Scene, AGAIN, tmp_path / moment, CRASH_AT=f"{AGAIN}.{moment}") == -signal.SIGKILL
    left = killed.told()
    assert act(Scene, AGAIN, tmp_path / moment) == 0
    done = killed.told()
    killed.close()

    assert (left == untouched) == (moment == "before_commit")
    asked = "membership.erasure_requested.v1"
    for kept, times in ((left, moment == "after_commit"), (done, 1 + (moment == "after_commit"))):
        assert sum(values.count(asked) for values in kept.values()) == times
    assert [done[key] for key in done if "Member.state" in key] == [["erased"]]
