"""The command `membership`, as an operator types it."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from membership.cli import main
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
