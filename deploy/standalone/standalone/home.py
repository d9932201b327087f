"""The directory of one installation: databases, keys, mail and the log."""

import fcntl
import os
import secrets
from pathlib import Path
from typing import TextIO

# What an operator may set otherwise, as any other setting of the services.
_USUAL = {
    "ORGANISATION": "Coproduce",
    "CONTACT_EMAIL": "hello@example.org",
    "MAIL_FROM": "webinars@example.org",
}


class Unusable(Exception):
    """The directory cannot be used; the message says why and what to do."""


class Home:
    """One installation's directory, held by one process at a time."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._lock: TextIO | None = None

    @property
    def mailbox(self) -> Path:
        """Return where mail is put instead of being sent."""
        return self.directory / "mailbox"

    def open(self) -> bool:
        """Take the directory for this process; return whether it has never served before.

        Raises Unusable.
        """
        try:
            self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock = (self.directory / "lock").open("w")
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._make_keys()
        except BlockingIOError:
            raise Unusable(
                f"VAR: another Coproduce is running on {self.directory}. Stop it, or choose "
                "another directory: make run VAR=other PORT=8001"
            ) from None
        except OSError as error:
            raise Unusable(
                f"VAR: {self.directory} cannot be used ({error.strerror}). Choose a directory "
                "that you may write to: make run VAR=other"
            ) from error
        return not self._served.exists()

    def log(self) -> TextIO:
        """Return the file that log lines are added to."""
        return (self.directory / "log.jsonl").open("a", buffering=1)

    def has_served(self) -> None:
        """Remember that everything was set up, demo included."""
        self._served.touch()

    @property
    def _served(self) -> Path:
        return self.directory / "served"

    def environ(self, service: str, *, base_url: str) -> dict[str, str]:
        """Return the settings of *service*, as if they were its environment."""
        keys = {
            path.name: path.read_text(errors="replace").strip() for path in self._keys.iterdir()
        }
        own = {
            "DATABASE_URL": f"sqlite:///{self.directory.absolute() / service}.sqlite3",
            "BASE_URL": base_url,
            "INSTANCE": "standalone",
            "MAIL_TRANSPORT": "mailbox",
            "MAILBOX_DIRECTORY": str(self.mailbox.absolute()),
        }
        return {**_USUAL, **os.environ, **keys, **own}

    @property
    def _keys(self) -> Path:
        return self.directory / "keys"

    def _make_keys(self) -> None:
        if self._keys.exists():
            return
        making = self.directory / "keys.new"
        making.mkdir(mode=0o700, exist_ok=True)
        for name, prefix in (("LINK_KEYS", "1:"), ("ADDRESS_KEY", ""), ("SECRET_KEY", "")):
            file = making / name
            file.touch(mode=0o600)
            file.write_text(prefix + secrets.token_hex(32) + "\n")
        # All or none: a half-made set of keys would lock people out of their links.
        making.rename(self._keys)
