"""The directory of one installation: what it holds becomes the services' settings."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from standalone.cli import main
from standalone.home import Home, Unusable

HEX = "ab" * 32
KEYS = {"LINK_KEYS": f"1:{HEX}", "ADDRESS_KEY": HEX, "SECRET_KEY": HEX, "STAFF_KEY": HEX}
WRONG = [b"", b"\n", b"1:abc\n", b"not a key\n", bytes(range(256)), None]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "keys").mkdir()
    for name, key in KEYS.items():
        (tmp_path / "keys" / name).write_text(f"{key}\n")
    return Home(tmp_path)


def environ(home: Home) -> dict[str, str]:
    return home.environ("registration", base_url="http://127.0.0.1:8000")


def test_keys_and_places_are_those_of_the_directory(home: Home):
    names = [*KEYS, "DATABASE_URL", "MAIL_TRANSPORT", "MAILBOX_DIRECTORY"]
    elsewhere = dict.fromkeys(names, "of another installation")

    stated = environ(Home(home.directory, elsewhere))

    assert {name: stated[name] for name in KEYS} == KEYS
    assert stated["DATABASE_URL"] == f"sqlite:///{home.directory}/registration.sqlite3"
    assert stated["MAILBOX_DIRECTORY"] == str(home.directory / "mailbox")
    assert stated["MAIL_TRANSPORT"] == "mailbox"


def test_what_an_operator_states_goes_before_what_is_usual(home: Home):
    stated = environ(Home(home.directory, {"ORGANISATION": "Example Minds", "CONTACT_EMAIL": " "}))

    assert stated["ORGANISATION"] == "Example Minds"
    assert stated["CONTACT_EMAIL"] == "hello@example.org"


def test_what_else_lies_among_the_keys_is_left_alone(home: Home):
    (home.directory / "keys" / "LINK_KEYS~").write_text("1:old")
    (home.directory / "keys" / "backup").mkdir()

    assert environ(home)["LINK_KEYS"] == KEYS["LINK_KEYS"]


@pytest.mark.parametrize("content", WRONG)
@pytest.mark.parametrize("name", KEYS)
def test_a_key_that_was_lost_is_named_and_not_replaced(
    home: Home, name: str, content: bytes | None
):
    file = home.directory / "keys" / name
    file.unlink()
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(Unusable) as caught:
        environ(home)

    assert str(caught.value).startswith(f"{name}: {file} ")
    assert "Put it back from a backup" in str(caught.value)
    assert caught.value.exit_code == 2
    assert (file.read_bytes() if file.exists() else None) == content


def test_a_directory_that_is_none_is_named(tmp_path: Path):
    with pytest.raises(Unusable, match="LINK_KEYS: .*nowhere"):
        environ(Home(tmp_path / "nowhere"))


@pytest.mark.parametrize("content", [b"", None])
def test_a_database_that_was_lost_is_named_and_not_begun_anew(home: Home, content: bytes | None):
    home.has_served()
    file = home.directory / "registration.sqlite3"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(Unusable, match="registration.sqlite3 is missing or empty, .* backup"):
        environ(home)

    assert file.exists() == (content is not None)


@pytest.mark.parametrize("words", [["serve"], ["registration", "webinar", "list"]])
def test_a_directory_without_a_name_is_not_the_current_one(words: list[str]):
    answer = CliRunner().invoke(main, [words[0], "--var", " ", *words[1:]])

    assert answer.exit_code == 2
    assert "--var" in answer.stderr
    assert "name a directory, like var" in answer.stderr
