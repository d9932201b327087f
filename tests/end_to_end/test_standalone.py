"""All of Coproduce as one process: what an operator sees when it starts, stops, dies or cannot."""

import json
import shutil
import signal
import socket
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from tests.support.standalone import Standalone
from tests.support.waiting import wait_for

TITLES = ["The importance of co-production", "Crisis care, designed together"]
REGISTRATIONS = "/v1/webinars/the-importance-of-co-production/registrations"
KEYS = ["LINK_KEYS", "ADDRESS_KEY", "SECRET_KEY", "STAFF_KEY"]
GARBAGE = bytes(range(256)) * 64


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the directory of an installation that has served once, and has been stopped."""
    system = Standalone(tmp_path_factory.mktemp("kept") / "var").start()
    assert system.stop() == 0
    assert "Traceback" not in system.output()
    return system.var


@pytest.fixture
def new(tmp_path: Path) -> Iterator[Standalone]:
    """Return an installation that was never started; whatever is done to it, it says so plainly."""
    system = Standalone(tmp_path / "var")
    yield system
    assert system.process is not None
    assert system.process.stdout is not None
    if not system.process.stdout.closed:
        system.kill()
        assert "Traceback" not in system.output()


@pytest.fixture
def again(new: Standalone, kept: Path) -> Standalone:
    """Return one that has served once, and was stopped."""
    shutil.copytree(kept, new.var)
    return new


def asked(system: Standalone, path: str) -> Any:
    """Return the JSON at *path*."""
    with closing(HTTPConnection("127.0.0.1", system.port, timeout=30)) as connection:
        connection.request("GET", path)
        return json.load(connection.getresponse())


def titles(system: Standalone) -> list[str]:
    return [webinar["title"] for webinar in asked(system, "/v1/webinars")["webinars"]]


def threads(system: Standalone) -> int:
    """Return how many threads the process has."""
    assert system.process is not None
    return len(list(Path(f"/proc/{system.process.pid}/task").iterdir()))


def refusal(system: Standalone, **environ: str) -> str:
    """Return the one line that the process says, on being started, instead of serving."""
    system.start(**environ)
    wait_for(lambda: not system.runs(), seconds=60, what="the process to end by itself")
    assert system.stop() == 2
    (line,) = system.output().splitlines()
    return line.removeprefix("Error: ")


def test_the_first_start_says_what_to_try_and_has_something_to_show(new: Standalone):
    new.start()

    assert titles(new) == TITLES
    assert new.stop() == 0
    said = new.output()
    for words in (f"running at {new.base_url}\n", "Try this first", TITLES[0], "Ctrl-C stops"):
        assert words in said
    assert f"{new.base_url}/mailbox" in said
    assert said.count(f"{new.base_url}/staff/set-up/") == 1
    assert str(new.var) in said


def test_what_was_made_up_for_the_first_start_does_not_come_back(again: Standalone):
    mine = "update webinar set slug = 'mine', title = 'Mine' where title like 'The importance of %'"
    with closing(sqlite3.connect(again.var / "registration.sqlite3")) as database:
        assert database.execute(mine).rowcount == 1
        database.commit()

    again.start()

    assert titles(again) == ["Mine", TITLES[1]]


def test_keys_are_made_once_for_this_user_alone(again: Standalone):
    made = {name: (again.var / "keys" / name).read_bytes() for name in KEYS}
    assert len({key.strip()[-64:] for key in made.values()}) == len(KEYS)

    again.start()
    again.stop()

    assert {path.name: path.read_bytes() for path in (again.var / "keys").iterdir()} == made


@pytest.mark.parametrize("mode", [0o700, 0o755])
def test_nobody_else_on_the_machine_can_read_what_is_kept(new: Standalone, mode: int):
    if mode != 0o700:
        new.var.mkdir(mode=mode)

    new.start()
    wait_for(lambda: list((new.var / "mailbox").glob("*.eml")), what="a mail of the demonstration")

    assert stat.S_IMODE(new.var.stat().st_mode) == mode
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in new.var.rglob("*")}
    assert {modes[name] for name in KEYS} == {0o600}
    assert modes["keys"] == 0o700
    assert {name: mode for name, mode in modes.items() if mode & 0o077} == {}


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("THEME", "purple", "Set it to charity"),
        ("CONTACT_EMAIL", "nobody", "like hello@example.org"),
        ("TRUSTED_PROXIES", "minus", "number of proxies"),
    ],
)
def test_a_wrong_setting_is_named_with_its_remedy(
    again: Standalone, name: str, value: str, remedy: str
):
    line = refusal(again, **{name: value})

    assert line.startswith(f"{name}: ")
    assert remedy in line


def test_a_blank_setting_is_one_that_was_not_made(again: Standalone):
    again.start(ORGANISATION="", CONTACT_EMAIL=" ", THEME="")

    assert titles(again) == TITLES


@pytest.mark.parametrize(("level", "told"), [("INFO", True), ("ERROR", False)])
def test_the_log_tells_as_much_as_it_is_told_to(again: Standalone, level: str, told: bool):
    log = again.var / "log.jsonl"
    log.unlink()

    again.start(LOG_LEVEL=level)
    assert again.stop() == 0

    assert ('"event": "request"' in log.read_text()) == told


def test_a_second_process_leaves_the_first_alone(again: Standalone):
    again.start()

    line = refusal(Standalone(again.var))

    assert line.startswith(f"VAR: another Coproduce is running on {again.var}.")
    assert "make run VAR=other" in line
    assert titles(again) == TITLES


def test_a_port_that_is_taken_is_named(again: Standalone):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", again.port))

        line = refusal(again)

    assert line.startswith(f"PORT: {again.port} cannot be used")
    assert f"make run PORT={again.port + 1}" in line


@pytest.mark.parametrize("place", ["file", "file/below", "/proc/var"])
def test_a_place_where_nothing_can_be_kept_is_named(new: Standalone, tmp_path: Path, place: str):
    (tmp_path / "file").touch()
    new.var = tmp_path / place

    line = refusal(new)

    assert line.startswith(f"VAR: {new.var} cannot be used")
    assert "make run VAR=other" in line


@pytest.mark.parametrize("lost", ["keys", "keys/ADDRESS_KEY"])
def test_keys_that_were_lost_are_named_and_not_made_anew(again: Standalone, lost: str):
    path = again.var / lost
    shutil.move(path, again.var / "aside")

    line = refusal(again)

    assert line.startswith(f"{KEYS[0] if lost == 'keys' else path.name}: {path}")
    assert "Put it back from a backup" in line
    assert not path.exists()
    shutil.move(again.var / "aside", path)
    assert titles(again.start()) == TITLES


def test_a_database_that_is_none_is_named_and_left_as_it_is(again: Standalone):
    file = again.var / "registration.sqlite3"
    file.write_bytes(GARBAGE)

    line = refusal(again)

    assert line.startswith(f"VAR: {file} cannot be used (file is not a database)")
    assert "Put it back from a backup" in line
    assert file.read_bytes() == GARBAGE


@pytest.mark.parametrize("name", ["log.jsonl", "mailbox", "notifications.sqlite3"])
def test_what_is_not_of_the_right_kind_is_named(again: Standalone, name: str):
    path = again.var / name
    if path.is_dir():
        shutil.rmtree(path)
        path.touch()
    else:
        path.unlink()
        path.mkdir()

    assert refusal(again).startswith(f"VAR: {path} cannot be used")


def test_sigterm_lets_what_is_under_way_finish(again: Standalone):
    again.start()
    registration = json.dumps({"name": "Jo", "email": "jo@example.org"})
    with (
        closing(sqlite3.connect(again.var / "registration.sqlite3")) as database,
        closing(HTTPConnection("127.0.0.1", again.port, timeout=30)) as program,
    ):
        database.execute("begin immediate")  # nobody else can write
        program.request("POST", REGISTRATIONS, registration, {"Content-Type": "application/json"})
        # The server turns to the next only when it has begun with this one.
        assert again.answers()
        assert again.answers()
        working = threads(again)

        again.send(signal.SIGTERM)
        wait_for(lambda: threads(again) < working, what="those who have nothing to do to leave")
        database.rollback()

        assert program.getresponse().status == 202
        assert again.stop() == 0
        rows = database.execute("select state from registration where name = 'Jo'").fetchall()
    assert rows == [("confirmed",)]
    assert "Traceback" not in again.output()


@pytest.mark.parametrize(
    "point", ["migrate.after_commit", "demo.before_commit", "demo.after_commit"]
)
def test_a_first_start_that_was_cut_short_is_made_good_by_the_next(new: Standalone, point: str):
    new.start(CRASH_AT=point)
    assert new.stop() == -signal.SIGKILL
    assert new.output() == ""

    new.start()

    webinars = asked(new, "/v1/webinars")["webinars"]
    assert [webinar["title"] for webinar in webinars] == TITLES
    assert [webinar["full"] for webinar in webinars] == [False, True]
    mails = new.var / "mailbox"
    wait_for(lambda: len(list(mails.glob("*.eml"))) == 2, what="a mail to each made-up person")
    assert new.stop() == 0


def test_a_first_start_that_was_killed_among_its_tables_is_made_good_by_the_next(new: Standalone):
    new.launch()
    wait_for((new.var / "registration.sqlite3").exists, seconds=60, what="the first table")
    new.kill()
    assert new.output() == ""

    new.start()

    assert titles(new) == TITLES
    assert new.stop() == 0
