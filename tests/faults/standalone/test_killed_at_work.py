"""kill -9 while people register: whoever was answered has their place and their mail, once."""

from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from notifications.models import Template
from shared.db import Database
from shared.messaging import accept
from tests.faults.standalone.points import AT_TROUBLE, AT_WORK, points
from tests.support.crashes import Scene, at_once, killed_at_work
from tests.support.mails import an_envelope, an_event


@pytest.mark.parametrize("name", AT_WORK)
def test_nothing_is_lost_or_done_twice(installation: Scene, tmp_path: Path, name: str):
    def story(point: str) -> str:
        with installation.copy(tmp_path / point) as scene:
            return killed_at_work(scene, point, AT_WORK[name], people=24)

    assert len(at_once(story, points([name]))) >= 2


def test_what_cannot_be_handled_holds_nothing_up(installation: Scene, tmp_path: Path):
    def story(point: str) -> None:
        with installation.copy(tmp_path / point) as scene:
            scene.start(CRASH_AT=point)
            scene.crowd.fill(6)
            key = mislead(scene.var)
            scene.come_until_it_dies()

            scene.start()
            scene.crowd.ask_again()
            scene.crowd.fill(12)
            scene.settle()
            scene.told()
            scene.check(dead={key})

    at_once(story, points(AT_TROUBLE))


def mislead(var: Path) -> tuple[str, UUID]:
    """Put an event into notifications' inbox that breaks its contract; return its key."""
    sound = an_envelope(an_event(Template.CONFIRMED), subject=uuid4())
    envelope = replace(sound, data={"name": "Jo"})
    database = Database(f"sqlite:///{var}/notifications.sqlite3")
    with database.transaction("test") as session:
        accept(session, [envelope.to_bytes()])
    database.dispose()
    return envelope.source, envelope.id
