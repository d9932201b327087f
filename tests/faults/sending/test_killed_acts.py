"""kill -9 on either side of each commit by which somebody changes or tells what is mailed."""

from pathlib import Path

import pytest

from tests.faults.sending.acts import ACTS, Place
from tests.support.cut_off import SIDES, done_or_not_and_again


@pytest.mark.parametrize("name", ACTS)
def test_who_is_cut_off_has_done_it_or_not_and_may_do_it_again(name: str, tmp_path: Path):
    assert done_or_not_and_again(Place, name, tmp_path) == SIDES
