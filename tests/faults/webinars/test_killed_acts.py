"""kill -9 on either side of each commit by which staff change a webinar, or people hear of it."""

from pathlib import Path

import pytest

from tests.faults.webinars.acts import ACTS, Scene
from tests.support.cut_off import SIDES, done_or_not_and_again


@pytest.mark.parametrize("name", ACTS)
def test_who_is_cut_off_has_done_it_or_not_and_may_do_it_again(name: str, tmp_path: Path):
    assert done_or_not_and_again(Scene, name, tmp_path) == SIDES
