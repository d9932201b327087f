"""The checks themselves: whatever is changed behind the system's back, one of them tells."""

import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

from tests.support.crashes import Scene
from tests.support.invariants import check

LOST, OTHER = "1 lost, 0 duplicated, 0 unexpected", "1 lost, 0 duplicated, 1 unexpected"
# What is changed in which database, how, and what tells of it.
CHANGES = {
    "an event is gone": (
        "registration",
        "delete from event where id = "
        "(select max(id) from event where type like '%.registration_%')",
        f"events by subject and version: .* {LOST}",
    ),
    "a version is left out": (
        "registration",
        "update event set subject_version = 9 where id = "
        "(select max(id) from event where type like '%.registration_%')",
        f"events by subject and version: .* {OTHER}",
    ),
    "a person changed and no event says so": (
        "registration",
        "update registration set state = 'withdrawn' "
        "where id = (select max(registration_id) from place)",
        f"newest events by subject and state: .* {OTHER}",
    ),
    "people withdrew who had not come": (
        "registration",
        "update event set type = replace(type, 'confirmed', 'withdrawn')",
        "steps from state to state: .* 1 unexpected",
    ),
    "a position is left out": (
        "registration",
        "update event set position = 9999 where position = 5",
        f"published events by position: .* {OTHER}",
    ),
    "a person has no place": (
        "registration",
        "update place set registration_id = null "
        "where registration_id = (select max(registration_id) from place)",
        f"places by registration: .* {LOST}",
    ),
    "a webinar has one place more": (
        "registration",
        "insert into place select max(webinar_id), 9999, null from place",
        f"places by webinar: .* {OTHER}",
    ),
    "an event never came, but another": (
        "notifications",
        "update inbox set event_id = '00000000-0000-0000-0000-000000000001' "
        "where id = (select max(id) from inbox)",
        f"events in the inbox by source and id: .* {OTHER}",
    ),
    "an event was given up": (
        "notifications",
        "update inbox set state = 'dead' where id = (select max(id) from inbox)",
        f"events in the inbox by source and id: .* {OTHER}",
    ),
    "a mail says something else": (
        "notifications",
        "update delivery set template = 'other' where id = (select max(id) from delivery)",
        f"deliveries by event, template and address: .* {OTHER}",
    ),
    "nobody knows what became of a mail": (
        "notifications",
        "update delivery set state = 'unknown' where id = (select max(id) from delivery)",
        f"deliveries ended: .* {LOST}",
    ),
    "a mail went to somebody else": (
        "notifications",
        "update delivery set address = 'x@example.org' where id = (select max(id) from delivery)",
        f"letters by event and address: .* {OTHER}",
    ),
    "a statement is gone": (
        "notifications",
        "delete from permission_statement "
        "where event_id = (select max(event_id) from permission_statement)",
        f"statements by event: .* {LOST}",
    ),
    "a projection is behind": (
        "notifications",
        "update standing set version = 0 "
        "where registration_id = (select max(registration_id) from standing)",
        f"standings by registration, version and state: .* {OTHER}",
    ),
}


@pytest.fixture(scope="module")
def settled(installation: Scene, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """Return an installation in which all is well and nothing left to do; copy it."""
    with installation.copy(tmp_path_factory.mktemp("settled") / "var") as scene:
        scene.start()
        scene.crowd.fill(14)
        scene.settle()
        scene.check()
    return scene


@pytest.mark.parametrize("what", CHANGES)
def test_a_changed_row_is_told(settled: Scene, tmp_path: Path, what: str):
    service, change, told = CHANGES[what]
    scene = settled.copy(tmp_path / "var")
    alter(scene.var, service, change)

    with pytest.raises(AssertionError, match=told):
        check(scene.ledgers)


def lose(letter: Path) -> None:
    letter.unlink()


def tear(letter: Path) -> None:
    letter.write_bytes(letter.read_bytes()[:-60])


def repeat(letter: Path) -> None:
    letter.with_stem(str(uuid4())).write_bytes(letter.read_bytes())


@pytest.mark.parametrize(
    ("change", "told"),
    [(lose, LOST), (tear, LOST), (repeat, "0 lost, 0 duplicated, 1 unexpected")],
)
def test_a_changed_letter_is_told(settled: Scene, tmp_path: Path, change, told: str):
    scene = settled.copy(tmp_path / "var")
    change(next((scene.var / "mailbox").iterdir()))

    with pytest.raises(AssertionError, match=f"whole letters: .* {told}"):
        check(scene.ledgers)


def test_who_was_answered_and_is_not_there_is_told(installation: Scene, tmp_path: Path):
    with installation.copy(tmp_path / "var") as scene:
        scene.start()
        scene.crowd.fill(2)
        scene.settle()
        alter(
            scene.var,
            "registration",
            "update registration set email = 'x@example.org' where email = 'person-0@example.org'",
        )

        with pytest.raises(AssertionError, match=f"registrations: 2 attempted, .* {OTHER}"):
            scene.told()


def alter(var: Path, service: str, change: str) -> None:
    with closing(sqlite3.connect(var / f"{service}.sqlite3")) as connection, connection:
        connection.execute(change)
