"""The command `membership`, as an operator types it."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from membership.cli import main
from membership.members.erasing import erased, forget_old_keys
from tests.support.joining import Club, environ


@pytest.fixture
def stated(tmp_path: Path) -> dict[str, str]:
    stated = environ(f"sqlite:///{tmp_path}/membership.db")
    assert types(stated, "migrate").exit_code == 0
    return stated


def types(stated: dict[str, str], *words: str) -> Result:
    return CliRunner().invoke(main, words, env=stated)


def test_what_is_offered_is_added_to_renamed_and_retired(stated: dict[str, str]):
    listed = types(stated, "choice", "list").output
    assert "background  carer  I am a carer" in listed
    assert "locality" not in listed

    assert types(stated, "choice", "add", "locality", "west", "The West").exit_code == 0
    assert types(stated, "choice", "add", "locality", "west", "Wessex").output == (
        "Wessex is offered.\n"
    )
    assert "locality  west  Wessex\n" in types(stated, "choice", "list").output
    assert types(stated, "choice", "retire", "locality", "west").exit_code == 0
    assert "Wessex" not in types(stated, "choice", "list").output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("add", "locality", "The West", "West"), "small letters, digits and hyphens"),
        (("add", "locality", "west", " "), "LABEL is empty"),
        (("add", "locality", "west", "x" * 101), "100 characters or fewer"),
        (("add", "planet", "west", "West"), "'planet' is not one of"),
        (("retire", "locality", "west"), "no locality has the code west"),
    ],
)
def test_what_cannot_be_done_is_said(stated: dict[str, str], words: tuple[str, ...], message: str):
    refused = types(stated, "choice", *words)

    assert refused.exit_code == 2
    assert message in refused.output


def test_who_has_still_to_forget_whom_is_listed(club: Club, tmp_path: Path):
    stated = environ(f"sqlite:///{tmp_path}/membership.db")
    assert "has been forgotten" in types(stated, "erasures").output

    club.send(f"{club.join()}/erase")

    lines = types(stated, "erasures").output.splitlines()
    assert len(lines) == 2
    assert {line.split()[1] for line in lines} == {"notifications,", "registration,"}


@pytest.mark.parametrize(
    "line",
    [
        "x",
        "01970000-0000-7000-8000-000000000001",
        f"01970000-0000-7000-8000-000000000001 yesterday {'ab' * 32}",
        f"01970000-0000-7000-8000-000000000001 2026-07-02T12:00:00 {'ab' * 32}",
        "01970000-0000-7000-8000-000000000001 2026-07-02T12:00:00+00:00 jo@example.org",
    ],
)
def test_a_list_with_a_bad_line_is_refused_whole(club: Club, tmp_path: Path, line: str):
    stated = environ(f"sqlite:///{tmp_path}/membership.db")
    club.join()
    good = f"{club.members()[0].id} 2026-07-02T12:00:00+00:00 {'ab' * 32}"
    (tmp_path / "list").write_text(f"{good}\n{line}\n")

    refused = types(stated, "erase-again", str(tmp_path / "list"))

    assert refused.exit_code == 2
    assert refused.output == "Error: Line 2 is not as `membership erased` prints it.\n"
    assert club.members()[0].name == "Jo"


def test_who_was_erased_is_listed_by_ids_and_keys_since_a_day(club: Club, tmp_path: Path):
    stated = environ(f"sqlite:///{tmp_path}/membership.db")
    club.send(f"{club.join()}/erase")
    club.join(name="Robin", email="robin@example.org")

    listed = types(stated, "erased").output

    assert listed.startswith(f"{club.members()[0].id} 2026-07-02T")
    assert len(listed.splitlines()) == 1
    assert types(stated, "erased", "--since", "2026-07-02").output == listed
    assert types(stated, "erased", "--since", "2026-07-03").output == ""


def test_erasing_again_says_what_was_known_of_whom(club: Club, tmp_path: Path):
    stated = environ(f"sqlite:///{tmp_path}/membership.db")
    club.send(f"{club.join()}/erase")
    club.join(name="Robin", email="robin@example.org")
    gone, held = club.members()
    key = "ab" * 32
    ids = (gone.id, held.id, "01970000-0000-7000-8000-000000000001")
    (tmp_path / "list").write_text("".join(f"{id} 2026-07-02T12:00:00+00:00 {key}\n" for id in ids))

    for number in range(2):
        done = types(stated, "erase-again", str(tmp_path / "list")).output.splitlines()
        assert done[:3] == (
            ["Erased here: 1", "Erased here before: 1", "Not known here: 1"]
            if number == 0
            else ["Erased here: 0", "Erased here before: 3", "Not known here: 0"]
        )

    assert "robin" not in str([vars(member) for member in club.members()]).lower()
    asked = [event for event in club.events() if "erasure_requested" in event.type and event.data]
    assert {event.data["subjects"][0] for event in asked[-3:] if event.data} == {*map(str, ids)}
    assert len(types(stated, "erasures").output.splitlines()) == 6


def test_keys_of_who_was_erased_are_forgotten_when_no_backup_of_the_time_is_left(club: Club):
    club.send(f"{club.join()}/erase")
    club.clock.pass_by(days=399)
    with club.database.transaction("test") as session:
        forget_old_keys(session)
        assert len(erased(session)) == 1

    club.clock.pass_by(days=2)
    with club.database.transaction("test") as session:
        forget_old_keys(session)
        assert erased(session) == []
