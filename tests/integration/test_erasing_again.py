"""A backup that is put back holds who was erased since: one command erases them everywhere."""

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner

from membership.cli import main
from membership.members.models import Member
from membership.members.queries import unfinished_erasures
from shared.db import Database
from shared.links import Purpose
from tests.integration.test_erasure import EMAIL, MARKS, NAME, TYPED, add_webinars, erase, take_part
from tests.support.mails import environ
from tests.support.whole import Whole

SERVICES = ("membership", "registration", "notifications")


class Site(Whole):
    """One installation on files, of which copies are made and put back."""

    def __init__(self, directory: Path) -> None:
        super().__init__(lambda: Database(f"sqlite:///{directory}/{uuid4().hex}.db"), directory)
        self._copies = directory / "copies"

    def file(self, service: str) -> Path:
        """Return the file of a service's database."""
        return Path(str(self.databases[service].engine.url.database))

    def back_up(self) -> None:
        """Copy every database, and the mailbox."""
        self._copies.mkdir()
        for service in SERVICES:
            with sqlite3.connect(self._copies / service) as copy:
                sqlite3.connect(self.file(service)).backup(copy)
        shutil.copytree(self.mailbox, self._copies / "mailbox")

    def put_back(self, service: str) -> None:
        """Let a service have the database, and letters, of the backup."""
        self.databases[service].dispose()
        file = self.file(service)
        for more in ("-wal", "-shm"):
            Path(f"{file}{more}").unlink(missing_ok=True)
        shutil.copy(self._copies / service, file)
        if service == "notifications":
            shutil.copytree(self._copies / "mailbox", self.mailbox, dirs_exist_ok=True)

    def command(self, *words: str, input: str = "") -> str:
        """Run `membership …`; return what it prints."""
        stated = environ(self.mailbox.parent, DATABASE_URL=f"sqlite:///{self.file('membership')}")
        done = CliRunner().invoke(main, words, input=input, env=stated)
        assert done.exit_code == 0, done.output
        return done.output


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path)
    add_webinars(site)
    yield site
    site.close()


@pytest.mark.parametrize("restored", [*((service,) for service in SERVICES), SERVICES])
def test_who_was_erased_since_is_so_again(site: Site, restored: tuple[str, ...]):
    zebulon = take_part(site, NAME, EMAIL, **TYPED)
    take_part(site, "Robin", "robin@example.org")
    site.back_up()
    erase(site, zebulon)
    site.settle()
    kept = site.command("erased")
    assert kept.startswith(f"{zebulon.id} ")
    for service in restored:
        site.put_back(service)
    assert site.naming(*MARKS) != []
    robins = sum("robin@" in text for _, text in site.kept())

    said = site.command("erase-again", "-", input=kept)
    site.settle()

    assert ("Erased here: 1" in said) == ("membership" in restored)
    assert site.naming(*MARKS) == []
    assert sum("robin@" in text for _, text in site.kept()) == robins
    with site.databases["membership"].reading() as session:
        assert unfinished_erasures(session) == []


def test_who_came_after_the_backup_is_forgotten_by_who_knew_the_address_before(site: Site):
    path = "/webinars/sleeping-better/register"
    site.send("registration", path, name=NAME, email=EMAIL)
    site.settle()
    site.back_up()
    erase(site, take_part(site, NAME, EMAIL, **TYPED))
    site.settle()
    kept = site.command("erased")
    for service in SERVICES:
        site.put_back(service)
    assert site.naming(*MARKS) != []

    assert "Not known here: 1" in site.command("erase-again", "-", input=kept)
    site.settle()

    assert site.naming(*MARKS) == []


def test_who_has_come_back_since_stays(site: Site):
    erase(site, take_part(site, NAME, EMAIL, **TYPED))
    site.settle()
    kept = site.command("erased")
    again = take_part(site, "Zeb", EMAIL)

    site.command("erase-again", "-", input=kept)
    site.settle()

    (member,) = (row for row in site.rows("membership", Member) if row.email == EMAIL)
    assert (member.id, member.name) == (again.id, "Zeb")
    own = site.token("membership", Purpose.MEMBER, member.id, member.link_generation)
    page = site.apps["membership"].test_client().get(own).text
    assert page.count("<strong>Yes:</strong>") == 3
