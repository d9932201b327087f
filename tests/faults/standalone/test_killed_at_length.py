"""The same at length, with chance in it: `make verify`."""

from pathlib import Path
from random import Random
from threading import Timer

import pytest

from tests.faults.standalone.points import AT_WORK, points
from tests.support.crashes import Scene, at_once, installed, killed_at_work

pytestmark = pytest.mark.verify

PLACES = 60
PEOPLE = 200
KILLS = 20


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """Return an installation with a webinar of 60 places; copy it, don't use it."""
    return installed(tmp_path_factory.mktemp("hall") / "var", PLACES)


@pytest.mark.parametrize("name", AT_WORK)
def test_nothing_is_lost_or_done_twice_among_many(hall: Scene, tmp_path: Path, name: str):
    def story(point: str) -> str:
        nth = Random(point).randint(5 * AT_WORK[name], 10 * AT_WORK[name])
        with hall.copy(tmp_path / point) as scene:
            return killed_at_work(scene, point, nth, people=PEOPLE)

    stories = at_once(story, points([name]))

    assert len(stories) >= 2
    print(*stories, sep="\n")


@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_lost_by_being_killed_again_and_again(hall: Scene, tmp_path: Path, seed: int):
    chance = Random(seed)
    with hall.copy(tmp_path / "var") as scene:
        for _ in range(KILLS):
            point = chance.choice(points([*AT_WORK, "migrate", "tidying"]))
            scene.start(CRASH_AT=f"{point}:{chance.randint(1, 40)}")
            # At any other moment, where the point does not strike in time.
            killer = Timer(chance.uniform(0.0, 8.0), scene.system.kill)
            killer.start()
            scene.come_until_it_dies()
            killer.cancel()
            killer.join()
        before = scene.told()

        scene.start()
        scene.crowd.ask_again()
        scene.crowd.fill(PLACES)
        scene.settle()
        scene.check()
        print(f"{KILLS} kills\n  after the last: {before}\n  in the end: {scene.told()}")
