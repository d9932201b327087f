"""The command `registration`, as an operator types it."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from registration.cli import main
from tests.support.registering import environ

ADD = {
    "--title": "Sleeping better",
    "--summary": "What helps.",
    "--expect": "A talk, then questions.",
    "--starts": "2999-07-04 12:00",
    "--capacity": "20",
    "--joining-link": "https://meet.example.org/sleep",
    "--panellist": "Ash Example: Ash works nights.",
}


class Operator:
    """Somebody at a terminal with the settings of one installation."""

    def __init__(self, directory: Path) -> None:
        self.environ = environ(f"sqlite:///{directory}/registration.db")

    def types(self, *words: str) -> Result:
        return CliRunner().invoke(main, words, env=self.environ)

    def adds(self, **changes: Any) -> Result:
        options = ADD | {f"--{name.replace('_', '-')}": value for name, value in changes.items()}
        return self.types("webinar", "add", *(word for pair in options.items() for word in pair))


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    operator = Operator(tmp_path)
    assert operator.types("migrate").exit_code == 0
    return operator


def test_a_webinar_is_added_and_listed(operator: Operator):
    assert "No webinar is planned" in operator.types("webinar", "list").output

    added = operator.adds()

    assert added.output == (
        "/webinars/sleeping-better is open: Thursday 4 July 2999 at midday, UK time.\n"
    )
    listed = operator.types("webinar", "list").output
    assert "Thursday 4 July 2999 at midday  Sleeping better  (0/20 places taken)" in listed


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("title", "", "It is empty"),
        ("title", "x" * 121, "120 characters or fewer"),
        ("title", "🌻", "letters from a to z"),
        ("starts", "tomorrow", 'is not a time like "2026-07-02 12:00"'),
        ("starts", "2999-02-30 12:00", "is not a time"),
        ("starts", "2020-07-02 12:00", "has passed"),
        ("starts", "9999-12-31 23:59", "too far away"),
        ("starts", "2027-03-28 01:30", "so there is no 1:30am"),
        ("starts", "2027-10-31 01:30", "so 1:30am comes twice"),
        ("capacity", "0", "1<=x<=10000"),
        ("capacity", "10001", "1<=x<=10000"),
        ("capacity", "many", "not a valid integer"),
        ("joining_link", "http://meet.example.org", "https://example.org/join"),
        ("joining_link", "https://", "https://example.org/join"),
        ("joining_link", "https://meet.example.org/my room", "https://example.org/join"),
        ("joining_link", "https://[", "https://example.org/join"),
        ("panellist", "Ash", "Sam runs a choir"),
        ("panellist", f"{'x' * 101}: Ash works nights.", "100 characters or fewer"),
        ("panellist", f"Ash: {'x' * 1001}", "1000 characters or fewer"),
        ("panellist", "Ash\x1b[2J: Ash works nights.", "hidden character"),
        ("panellist", "Ash: \udcff", "hidden character"),
    ],
)
def test_a_wrong_option_is_named_with_its_remedy(
    operator: Operator, option: str, value: str, message: str
):
    refused = operator.adds(**{option: value})

    assert refused.exit_code == 2
    assert option.replace("_", "-") in refused.output
    assert message in refused.output
    assert "Traceback" not in refused.output
    assert "No webinar is planned" in operator.types("webinar", "list").output


def test_an_address_that_is_taken_is_said(operator: Operator):
    operator.adds()

    again = operator.adds()

    assert again.exit_code == 2
    assert "there is a webinar at /webinars/sleeping-better already" in again.output


def test_the_demo_is_added_once(operator: Operator):
    first, second = operator.types("demo"), operator.types("demo")

    assert first.output == "3 webinars added.\n"
    assert second.output == "They are there already.\n"
    listed = operator.types("webinar", "list").output
    assert "The importance of co-production  (0/200 places taken)" in listed
    assert "Crisis care, designed together  (2/2 places taken)" in listed
    assert "First steps" not in listed


def test_a_database_that_was_not_migrated_is_said_in_a_line(tmp_path: Path):
    refused = Operator(tmp_path).types("webinar", "list")

    assert refused.exit_code == 2
    assert "Run: registration migrate" in refused.output


def test_a_file_that_is_no_database_is_said_in_a_line(tmp_path: Path):
    (tmp_path / "registration.db").write_bytes(b"not a database " * 999)

    for words in (["webinar", "list"], ["migrate"], ["demo"]):
        refused = Operator(tmp_path).types(*words)

        assert refused.exit_code == 2
        assert refused.output == (
            "Error: DATABASE_URL: file is not a database. Put it back from a backup.\n"
        )
