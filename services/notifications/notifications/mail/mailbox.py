"""A mailbox in a directory: where mail goes when there is no provider, a file each."""

import email
import os
import tempfile
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import default
from pathlib import Path
from uuid import UUID

from notifications.mail import Accepted, Mail, Outcome, Rejected
from notifications.mail.mime import composed
from shared.crashpoints import crashpoint

_ABANDONED = 60 * 60.0  # seconds; a letter is written in far less


class NoSuchLetter(Exception):
    """The mailbox holds no letter of this id."""


@dataclass(frozen=True, kw_only=True)
class Heading:
    """What a list of letters shows of one."""

    id: UUID
    to: str
    subject: str
    date: datetime


@dataclass(frozen=True, kw_only=True)
class Letter(Heading):
    """A letter, opened."""

    sender: str
    text: str
    html: str


class Mailbox:
    """Keeps each mail as `<delivery id>.eml`; handing one over again replaces it by itself.

    Readable by its owner alone. Any number of programs may write and read at the same time.
    """

    idempotent = True

    def __init__(self, directory: Path) -> None:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        directory.chmod(0o700)
        self._directory = directory
        for unfinished in directory.glob(".*.part"):
            _sweep(unfinished)

    def send(self, mails: Sequence[Mail]) -> list[Outcome]:
        """Return what became of each: kept, safe from a loss of power. Raises OSError."""
        outcomes = [self._keep(mail) for mail in mails]
        self._sync()
        return outcomes

    def destroy(self, ids: Collection[UUID]) -> None:
        """Remove the letters of these ids, half-written ones too, as far as there are any."""
        if not ids:
            return
        for id in ids:
            self._path(id).unlink(missing_ok=True)
        stems = {str(id) for id in ids}
        for unfinished in self._directory.glob(".*.part"):
            if unfinished.name.split(".")[1] in stems:
                unfinished.unlink(missing_ok=True)
        self._sync()

    def headings(self) -> Iterator[Heading]:
        """Yield what stands on each letter, the newest first."""
        for path in sorted(self._directory.glob("*.eml"), reverse=True):
            with path.open("rb") as file:
                message = BytesHeaderParser(policy=default).parse(file)
            yield Heading(
                id=UUID(path.stem),
                to=message["To"],
                subject=message["Subject"],
                date=message["Date"].datetime,
            )

    def read(self, id: UUID) -> Letter:
        """Return the letter of this id. Raises NoSuchLetter."""
        try:
            raw = self._path(id).read_bytes()
        except FileNotFoundError:
            raise NoSuchLetter(str(id)) from None
        message = email.message_from_bytes(raw, policy=default)
        return Letter(
            id=id,
            to=message["To"],
            subject=message["Subject"],
            date=message["Date"].datetime,
            sender=message["From"],
            text=_part(message, "plain"),
            html=_part(message, "html"),
        )

    def _keep(self, mail: Mail) -> Outcome:
        body = composed(mail)
        if isinstance(body, Rejected):
            return body
        self._replace(self._path(mail.id), body)
        return Accepted()

    def _replace(self, path: Path, body: bytes) -> None:
        """Put *body* at *path* so that whoever looks finds a whole letter or none."""
        crashpoint("mailbox.before_write")
        part = tempfile.NamedTemporaryFile(  # noqa: SIM115 - it is to outlive its closing
            dir=self._directory, prefix=f".{path.stem}.", suffix=".part", delete=False
        )
        with part:
            part.write(body)
            part.flush()
            os.fsync(part.fileno())
        crashpoint("mailbox.before_rename")
        os.replace(part.name, path)
        crashpoint("mailbox.after_rename")

    def _sync(self) -> None:
        """Have the disk know the new names."""
        descriptor = os.open(self._directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _path(self, id: UUID) -> Path:
        return self._directory / f"{id}.eml"


def _sweep(unfinished: Path) -> None:
    """Remove what a writer that was killed has left, but nothing that is being written."""
    with suppress(FileNotFoundError):  # finished just now
        if time.time() - unfinished.stat().st_mtime > _ABANDONED:
            unfinished.unlink()


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return part.get_content().replace("\r\n", "\n") if part else ""
