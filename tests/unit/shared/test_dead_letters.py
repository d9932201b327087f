"""The commands about dead letters, as an operator types them."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from notifications.cli import main
from shared.messaging.models import State
from tests.support.sick import Sick

TYPE = "registration.registration_confirmed.v1"


@pytest.fixture
def sick(tmp_path: Path) -> Sick:
    return Sick(tmp_path)


def types(sick: Sick, *words: str, answers: str = "") -> Result:
    return CliRunner().invoke(main, ["dead-letters", *words], obj=sick.environ, input=answers)


def error_of(sick: Sick) -> str:
    return types(sick, "list").output.partition("--error '")[2].partition("'")[0]


def test_they_are_listed_by_group_and_one_by_one(sick: Sick):
    assert types(sick, "list").output == "There are none.\n"
    sick.gives_up("jo@example.org", "robin@example.org")

    listed = types(sick, "list").output
    assert listed.startswith(f"2 events  --type {TYPE} --error 'LookupError at tests.support.sick")
    both = types(sick, "list", "--type", TYPE, "--error", error_of(sick)).output.splitlines()
    assert [line.split()[:2] for line in both[1:]] == [["--id", "1"], ["--id", "2"]]
    assert "tried 11 times" in both[1]
    assert "@" not in listed + "".join(both)


@pytest.mark.parametrize(
    ("words", "number"), [(["--id", "1"], 1), (["--type", TYPE], 2), (["--all"], 2)]
)
def test_one_a_group_or_all_are_tried_again(sick: Sick, words: list[str], number: int):
    sick.gives_up("jo@example.org", "robin@example.org")
    named = [*words, "--error", error_of(sick)] if "--type" in words else words

    done = types(sick, "retry", *named)

    assert "tried again now." in done.output
    sick.recovers()
    assert sick.mails() == number


def test_what_is_discarded_is_asked_about_first(sick: Sick):
    sick.gives_up("jo@example.org", "robin@example.org")
    group = ("--type", TYPE, "--error", error_of(sick), "--because", "Told by phone")

    refused = types(sick, "discard", *group, answers="n\n")
    assert "Discard 2 events for good?" in refused.output
    assert sick.states() == [State.DEAD] * 2
    done = types(sick, "discard", *group, answers="y\n")

    assert done.output.endswith("2 events are discarded.\n")
    assert types(sick, "discard", "--id", "1", "--because", "Again", "--yes").output == (
        "0 events are discarded.\n"
    )
    assert sick.states() == [State.DISCARDED] * 2


@pytest.mark.parametrize(
    "words",
    [
        ["retry"],
        ["retry", "--all", "--id", "1"],
        ["retry", "--id", "1", "--type", TYPE, "--error", "E"],
        ["retry", "--type", TYPE],
        ["retry", "--error", "E"],
        ["discard", "--because", "x"],
        ["discard", "--id", "1", "--because", " "],
        ["discard", "--id", "1", "--because", "x" * 501],
    ],
    ids=" ".join,
)
def test_what_is_not_said_clearly_is_refused_in_a_line(sick: Sick, words: list[str]):
    refused = types(sick, *words)

    assert (refused.exit_code, refused.output.count("\n")) == (2, 1)
    assert refused.output.startswith("Error: ")
