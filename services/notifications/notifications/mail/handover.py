"""Handing mails over: what the mailers that talk to somebody have in common."""

import re
from time import monotonic

from notifications.mail import Later, Outcome
from shared.logging import ADDRESS

_LONGEST_REASON = 300  # characters


class Handover:
    """One call of `send`: whether more may be begun, and what becomes of the rest if not.

    No mail is begun after *seconds*, so that a call ends long before its claims do, whatever the
    provider keeps us waiting for.
    """

    def __init__(self, seconds: float) -> None:
        self._until = monotonic() + seconds
        self._stopped: Outcome | None = None

    @property
    def stopped(self) -> Outcome | None:
        """Return what becomes of each mail that was not begun; None while more may be begun."""
        if self._stopped is None and monotonic() > self._until:
            return Later()
        return self._stopped

    def stop(self, outcome: Outcome) -> None:
        """Begin no other mail: of each, *outcome* is what becomes."""
        self._stopped = outcome


def reason(said: str, address: str = "") -> str:
    """Return in one line what a provider *said* of a mail to *address*, without anybody's address.

    It is kept longer than the address is.
    """
    said = ADDRESS.sub("[address]", said)
    local = address.rpartition("@")[0]
    if local:
        said = re.sub(rf"(?<!\w){re.escape(local)}(?!\w)", "[address]", said, flags=re.IGNORECASE)
    return " ".join(said.split())[:_LONGEST_REASON]
