"""What people do as members, and what follows."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from click.testing import CliRunner
from sqlalchemy import Text, cast, select

from membership.cli import main as command
from membership.members.models import (
    AddressChange,
    Choice,
    ConsentStatement,
    Erasure,
    FormerAddress,
    Group,
    GroupMembership,
    Member,
)
from notifications.erasing import Eraser, erasure_of
from notifications.mail.mailbox import Mailbox
from notifications.models import ErasedLetter
from shared.db import Database, now
from shared.links import Purpose
from shared.messaging.models import StoredEvent
from shared.staff.models import StaffAct
from tests.support import belonging
from tests.support.clerk import Clerk
from tests.support.joining import Club, an_applicant, environ
from tests.support.once import migrate

LETTER = UUID(int=7)


class Scene:
    """One installation's membership and its mailbox, in one directory."""

    def __init__(self, directory: Path) -> None:
        self.url = f"sqlite:///{directory}/membership.db"
        self.stored = Database(self.url)
        self.mail = Database(f"sqlite:///{directory}/notifications.db")
        self.directory = directory

    @property
    def club(self) -> Club:
        """Return membership as a new process has it."""
        return Club(self.url)

    def prepare(self, name: str) -> None:
        """Make what the act *name* needs: somebody who has asked, or a member, or letters."""
        club = self.club
        if name == "prove":
            club.ask()
        elif name not in ("join", "choice", "letters"):
            club.join()
        if name == "erase" or name == "leave" or name.startswith("group_"):
            clerk = Clerk(club)
            clerk.starts()
            if name != "group_join":
                clerk.does(f"/{club.members()[0].id}/groups/join", group="crisis-care")
        if name == "erase_again":
            member = club.members()[0]
            line = f"{member.id} 2026-07-02T12:00:00+00:00 {member.address_key}"
            (self.directory / "erased").write_text(line)
        if name == "prove_address":
            club.send(f"{club.own()}/address", email="jo.new@example.org")
        migrate(self.mail, "notifications")
        if name == "letters":
            self._leave_a_letter()

    def send(self, more: str, **typed: Any) -> None:
        """Send a form of the own page, which may be gone."""
        club = self.club
        path = club.own() + more
        assert club.send(path, **typed).status_code in (303, 400, 410)

    def keep(self, path: str, **typed: Any) -> None:
        """Send a form for staff, of the member where *path* has a place for one."""
        club = self.club
        path = path.format(member=club.members()[0].id)
        assert Clerk(club).posts(path, **typed).status_code in (200, 303, 422)

    def look(self) -> None:
        """Look at the member's page for staff."""
        club = self.club
        assert Clerk(club).sees(f"/{club.members()[0].id}")

    def prove_address(self) -> None:
        """Press the button behind the link that the new address was mailed, which may be used."""
        club = self.club
        token = club.house.links.token(Purpose.ADDRESS, club.members()[0].id, 1)
        assert club.send(f"/addresses/{token}").status_code in (303, 400)

    def offer(self) -> None:
        """Offer one more choice."""
        words = ["choice", "add", "locality", "west", "The West"]
        assert CliRunner().invoke(command, words, env=environ(self.url)).exit_code == 0

    def erase_again(self) -> None:
        """Erase once more whom the list names."""
        words = ["erase-again", str(self.directory / "erased")]
        assert CliRunner().invoke(command, words, env=environ(self.url)).exit_code == 0

    def destroy(self) -> None:
        """Destroy letters to who was erased."""
        Eraser(self.mail, Mailbox(self.directory / "mailbox").destroy).run_once()

    def close(self) -> None:
        """Let go of what is open."""
        self.stored.dispose()
        self.mail.dispose()

    def told(self) -> dict[str, list[str]]:
        """Return all that matters of what is stored."""
        belonging.check(self.stored)
        kept: dict[str, list[str]] = {}
        columns = (
            (self.stored, Member.state),
            (self.stored, Member.email),
            (self.stored, AddressChange.email),
            (self.stored, FormerAddress.address_key),
            (self.stored, Member.name),
            (self.stored, ConsentStatement.given),
            (self.stored, Erasure.service),
            (self.stored, Choice.code + cast(Choice.position, Text)),
            (self.stored, Group.code),
            (self.stored, Group.name),
            (self.stored, Group.closed_at.is_(None)),
            (self.stored, GroupMembership.since.is_not(None)),
            (self.stored, StoredEvent.type),
            (self.mail, StoredEvent.type),
            (self.mail, ErasedLetter.delivery_id),
        )
        for number, (database, column) in enumerate(columns):
            with database.reading() as session:
                kept[f"{number} {column}"] = sorted(map(str, session.scalars(select(column))))
        with self.stored.reading() as session:  # who does a thing twice is recorded twice
            kept["acts"] = sorted({*session.scalars(select(StaffAct.action))})
        return kept

    def _leave_a_letter(self) -> None:
        with self.mail.transaction("prepare") as session:
            erasure = erasure_of(session, UUID(int=1))
            erasure.asked_at = erasure.registration_at = now(session)
            session.add(ErasedLetter(delivery_id=LETTER, erasure_id=erasure.id))
        mailbox = self.directory / "mailbox"
        mailbox.mkdir()
        (mailbox / f"{LETTER}.eml").write_text("Dear Jo")


ACTS: Mapping[str, Callable[[Scene], object]] = {
    "address": lambda scene: scene.send("/address", email="jo.new@example.org"),
    "choice": Scene.offer,
    "choice_added": lambda scene: scene.keep("/choices/interest", label="Gardens"),
    "choice_change": lambda scene: scene.keep("/choices/interest/webinars/arrange", do="move-2"),
    "consent": lambda scene: scene.send("/consents/sharing", answer="no"),
    "details": lambda scene: scene.send("/details", name="Jo Ann", reach="email"),
    "erase": lambda scene: scene.send("/erase"),
    "erase_again": Scene.erase_again,
    "export": lambda scene: scene.keep("/export"),
    "group_change": lambda scene: scene.keep(
        "/groups/crisis-care/edit", name="Crisis", about="Where to turn."
    ),
    "group_close": lambda scene: scene.keep("/groups/crisis-care/close"),
    "group_join": lambda scene: scene.keep("/{member}/groups/join", group="crisis-care"),
    "group_leave": lambda scene: scene.keep("/{member}/groups/leave", group="crisis-care"),
    "group_start": lambda scene: scene.keep("/groups", name="Beds", about="Where people sleep."),
    "join": lambda scene: scene.club.ask(**an_applicant()),
    "leave": lambda scene: scene.send("/leave"),
    "letters": Scene.destroy,
    "look": Scene.look,
    "prove": lambda scene: scene.club.send(scene.club.proof()),
    "prove_address": Scene.prove_address,
}
