"""kill -9 while an installation is made: the next start makes up for it."""

import signal
from pathlib import Path

import pytest

from tests.faults.standalone.points import AT_START, BY_COMMAND, points
from tests.support.crashes import Scene, add_webinar, at_once

DEMONSTRATION = 3  # webinars


def opened(scene: Scene) -> None:
    """Have people come until every place is taken, and look whether all is as it should be."""
    scene.crowd.fill(6)
    scene.settle()
    scene.told()
    scene.check()
    assert len(scene.ledgers.capacities()) == DEMONSTRATION + 1


@pytest.mark.parametrize("name", AT_START)
def test_an_installation_half_made_is_made_whole(tmp_path: Path, name: str):
    def story(point: str) -> None:
        with Scene(tmp_path / point) as scene:
            scene.start(CRASH_AT=f"{point}:{AT_START[name]}")
            scene.has_died()

            scene.start()
            assert add_webinar(scene.var, places=4) == 0
            opened(scene)

    at_once(story, points([name]))


def test_a_command_that_is_killed_is_done_or_not_begun(tmp_path: Path):
    before, after = points(BY_COMMAND)
    with Scene(tmp_path / "var") as scene:
        scene.start()

        assert add_webinar(scene.var, 4, CRASH_AT=before) == -signal.SIGKILL
        assert len(scene.ledgers.capacities()) == DEMONSTRATION
        assert add_webinar(scene.var, 4, CRASH_AT=after) == -signal.SIGKILL
        assert add_webinar(scene.var, 4) == 2  # it is there already
        opened(scene)
