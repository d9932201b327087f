"""kill -9 on either side of each commit by which dead letters are looked at, retried, discarded."""

import signal
from pathlib import Path

import pytest

from tests.faults.system.acts import ACTS, Place
from tests.support.cut_off import SIDES, act, done_or_not_and_again, prepared


@pytest.mark.parametrize("name", [name for name in ACTS if name != "open_letter"])
def test_who_is_cut_off_has_done_it_or_not_and_may_do_it_again(name: str, tmp_path: Path):
    assert done_or_not_and_again(Place, name, tmp_path) == SIDES


@pytest.mark.parametrize("moment", ["before_commit", "after_commit"])
def test_nobody_sees_a_content_without_a_record_of_it(moment: str, tmp_path: Path):
    place = prepared(Place, "open_letter", tmp_path / "place")

    ended = act(Place, "open_letter", tmp_path / "place", CRASH_AT=f"open_letter.{moment}")

    assert ended == -signal.SIGKILL
    assert len(place.sick.acts()) == (moment == "after_commit")
    place.close()


@pytest.mark.parametrize("moment", ["before_commit", "after_commit"])
@pytest.mark.parametrize(("name", "effects"), [("retry", 1), ("discard", 0)])
def test_what_is_retried_has_its_effect_once_and_what_is_discarded_none(
    name: str, effects: int, moment: str, tmp_path: Path
):
    place = prepared(Place, name, tmp_path / "place")
    assert act(Place, name, tmp_path / "place", CRASH_AT=f"{name}.{moment}") == -signal.SIGKILL
    place.sick.recovers()
    assert act(Place, name, tmp_path / "place") == 0

    for _ in range(2):
        place.sick.recovers()
        assert place.sick.mails() == effects
    place.close()
