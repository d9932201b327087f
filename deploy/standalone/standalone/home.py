"""The directory of one installation: databases, keys, mail and the log."""

import fcntl
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from marshmallow import ValidationError, fields

from shared.commandline import Wrong
from shared.variables import HexKey, LinkKeysField

_KEYS: Mapping[str, fields.Field[Any]] = {
    "LINK_KEYS": LinkKeysField(),
    "ADDRESS_KEY": HexKey(),
    "SECRET_KEY": HexKey(),
    "STAFF_KEY": HexKey(),
}
# What an operator may set otherwise, as any other setting of the services.
_USUAL = {
    "ORGANISATION": "Coproduce",
    "CONTACT_EMAIL": "hello@example.org",
    "MAIL_FROM": "webinars@example.org",
}


class Unusable(Wrong):
    """The directory cannot be used; the message says why and what to do."""


class Home:
    """One installation's directory, held by one process at a time."""

    def __init__(self, directory: Path, environ: Mapping[str, str] = os.environ) -> None:
        self.directory = directory
        self._stated = {name: value for name, value in environ.items() if value.strip()}
        self._lock: TextIO | None = None

    @property
    def mailbox(self) -> Path:
        """Return where mail is put instead of being sent."""
        return self.directory / "mailbox"

    def open(self) -> bool:
        """Take the directory for this process; return whether it has never served before.

        Raises Unusable.
        """
        os.umask(0o077)  # all that is written here speaks of people
        with self._writable():
            self.directory.mkdir(parents=True, exist_ok=True)
            self._lock = (self.directory / "lock").open("w")
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.mailbox.mkdir(exist_ok=True)
            self._make_keys()
            self._add_staff_key()
        return not self._served.exists()

    def log(self) -> TextIO:
        """Return the file that log lines are added to. Raises Unusable."""
        with self._writable():
            return (self.directory / "log.jsonl").open("a", buffering=1)

    def has_served(self) -> None:
        """Remember that everything was set up, demo included. Raises Unusable."""
        with self._writable():
            self._served.touch()

    @property
    def _served(self) -> Path:
        return self.directory / "served"

    def environ(self, service: str, *, base_url: str) -> dict[str, str]:
        """Return the settings of *service*, as if they were its environment. Raises Unusable."""
        keys = {name: self._key(name) for name in _KEYS}
        own = {
            "DATABASE_URL": f"sqlite:///{self._database(service)}",
            "BASE_URL": base_url,
            "INSTANCE": "standalone",
            "MAIL_TRANSPORT": "mailbox",
            "MAILBOX_DIRECTORY": str(self.mailbox.absolute()),
        }
        return {**_USUAL, **self._stated, **keys, **own}

    @property
    def _keys(self) -> Path:
        return self.directory / "keys"

    def _make_keys(self) -> None:
        # Keys that were lost are not made anew: people have mails with links of the old ones.
        if self._keys.exists() or self._served.exists():
            return
        making = self.directory / "keys.new"
        making.mkdir(exist_ok=True)
        for name in _KEYS:
            number = "1:" if name == "LINK_KEYS" else ""
            (making / name).write_text(f"{number}{secrets.token_hex(32)}\n")
        # All or none: a half-made set of keys would lock people out of their links.
        making.rename(self._keys)

    def _add_staff_key(self) -> None:
        # The one that may be made anew: staff sign in again. Older installations have none.
        if self._keys.exists() and not (self._keys / "STAFF_KEY").exists():
            made = self.directory / "staff_key.new"
            made.write_text(f"{secrets.token_hex(32)}\n")
            made.rename(self._keys / "STAFF_KEY")

    def _key(self, name: str) -> str:
        file = self._keys / name
        try:
            text = file.read_text().strip()
            _KEYS[name].deserialize(text)
        except (OSError, ValueError, ValidationError) as error:
            raise Unusable(
                f"{name}: {file} cannot be read, or holds no key. Put it back from a backup: with "
                "another, links in mails that were sent do not work and nobody is known again."
            ) from error
        return text

    def _database(self, service: str) -> Path:
        file = self.directory.absolute() / f"{service}.sqlite3"
        # SQLite would make a new one, and everybody in the old one would be forgotten.
        if self._served.exists() and not (file.exists() and file.stat().st_size):
            raise Unusable(
                f"VAR: {file} is missing or empty, and this installation has been used. Put the "
                "whole directory back from a backup, or choose another: make run VAR=other"
            )
        return file

    @contextmanager
    def _writable(self) -> Iterator[None]:
        try:
            yield
        except BlockingIOError:
            raise Unusable(
                f"VAR: another Coproduce is running on {self.directory}. Stop it, or choose "
                "another directory: make run VAR=other PORT=8001"
            ) from None
        except OSError as error:
            raise Unusable(
                f"VAR: {error.filename} cannot be used ({error.strerror}). Choose a directory "
                "that you may write to: make run VAR=other"
            ) from error
