"""Every crash point of the process that is all of Coproduce, and at which pass it strikes.

A commit has two points, before and after; a letter has three of its own.
"""

from collections.abc import Iterable

_MOMENTS = {"mailbox": ("before_write", "before_rename", "after_rename")}
_OF_A_COMMIT = ("before_commit", "after_commit")

# While people come: a pass is a request, a letter, or a batch.
AT_WORK = {
    "limit": 10,
    "register": 10,
    "withdraw": 2,
    "relay.number": 2,
    "inbox": 2,
    "relay.mark": 2,
    "handler": 2,
    "claim": 8,  # senders that find nothing pass here too
    "mailbox": 8,
    "outcome": 2,
}
# Only when something cannot be handled.
AT_TROUBLE = {"handler.failed": 1}
# On the first start: three databases, the demonstration, what each service forgets.
AT_START = {"migrate": 2, "demo": 1, "first_account": 1, "tidying": 3}
# In the command line.
BY_COMMAND = {"add_webinar": 1}


def points(names: Iterable[str]) -> list[str]:
    """Return the crash points of these commits, and of a letter."""
    return [f"{name}.{moment}" for name in names for moment in _MOMENTS.get(name, _OF_A_COMMIT)]
