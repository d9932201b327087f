"""`<service> dead-letters`: events that could not be handled, for who has no browser at hand."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from shlex import quote
from typing import Any, TypeVar

import click

from shared.clock import in_words
from shared.commandline import Wrong, database_of
from shared.db import Database
from shared.messaging import dead
from shared.messaging.dead import PAGE, Which
from shared.service import Environ, Service

Command = TypeVar("Command", bound=Callable[..., Any])
_MOST = 500  # characters of a reason, as on the page
_ID = click.IntRange(1, 2**63 - 1)
_OPTIONS = (
    click.option("--id", type=_ID, help="One of them."),
    click.option("--type", help="Those of a group: its type, and"),
    click.option("--error", help="its error, as they are listed."),
)


def dead_letters(service: Service) -> click.Group:
    """Return the commands that act on the dead letters of *service*."""
    opened = partial(database_of, service.name, service.settings)

    @click.group("dead-letters")
    def group() -> None:
        """Look at events that could not be handled, try them again or discard them."""

    @group.command("list")
    @_naming
    @click.pass_obj
    def list_letters(environ: Environ | None, /, **named: Any) -> None:
        """Show the groups; of one group, its oldest events."""
        with opened(environ) as database:
            _list(database, Which(**named))

    @group.command("retry")
    @_naming
    @click.option("--all", "all_", is_flag=True, help="Every one.")
    @click.pass_obj
    def retry(environ: Environ | None, /, all_: bool, **named: Any) -> None:
        """Have one, a group or all handled again, as if they had just come."""
        which = _all(named) if all_ else _some(named)
        with opened(environ) as database, database.transaction("retry") as session:
            number = dead.retry(session, which)
        _say(number, "tried again now")

    @group.command("discard")
    @_naming
    @click.option("--because", required=True, help="The reason, kept for good: name nobody.")
    @click.option("--yes", is_flag=True, help="Do not ask.")
    @click.pass_obj
    def discard(environ: Environ | None, /, because: str, yes: bool, **named: Any) -> None:
        """Give up one or a group for good."""
        which, reason = _some(named), _reason(because)
        with opened(environ) as database:
            _discard(database, which if yes else _confirmed(database, which), reason)

    return group


def _naming(command: Command) -> Command:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def _some(named: Mapping[str, Any]) -> Which:
    """Return the dead letters that the options name. Raises Wrong."""
    id, type, error = named["id"], named["type"], named["error"]
    if bool(id) == bool(type or error) or bool(type) != bool(error):
        raise Wrong("Say which: --id, or --type and --error as they are listed.")
    return Which(**named)


def _all(named: Mapping[str, Any]) -> Which:
    """Return every dead letter. Raises Wrong where the options name some."""
    if any(named.values()):
        raise Wrong("Say which: --all, or some of them, not both.")
    return Which()


def _reason(because: str) -> str:
    """Return what was typed, if it is one. Raises Wrong."""
    reason = because.strip()
    if not 0 < len(reason) <= _MOST:
        raise Wrong(f"--because: give a reason of {_MOST} characters or fewer.")
    return reason


def _confirmed(database: Database, which: Which) -> Which:
    """Return those of *which* that whoever is asked has agreed to. Raises click.Abort."""
    with database.reading() as session:
        groups = dead.groups(session, which)
    click.confirm(f"Discard {_events(sum(each.count for each in groups))} for good?", abort=True)
    return replace(which, until=max((each.last for each in groups), default=None))


def _discard(database: Database, which: Which, reason: str) -> None:
    with database.transaction("discard") as session:
        number = dead.discard(session, which, reason=reason)
    _say(number, "discarded")


def _list(database: Database, which: Which) -> None:
    with database.reading() as session:
        groups = dead.groups(session, which)
        letters = [] if which == Which() else dead.letters(session, which, page=1)[:PAGE]
    for group in groups:
        named = f"--type {quote(group.type)} --error {quote(group.error)}"
        times = f"{in_words(group.first)} to {in_words(group.last)}"
        click.echo(f"{_events(group.count)}  {named}  {times}")
    for letter in letters:
        came = f"came {in_words(letter.received_at)}"
        blank = "; its content is deleted" if letter.is_blank else ""
        click.echo(f"  --id {letter.id}  {came}, tried {letter.attempts} times{blank}")
    if not groups:
        click.echo("There are none.")


def _say(number: int, what: str) -> None:
    click.echo(f"{_events(number)} {'is' if number == 1 else 'are'} {what}.")


def _events(number: int) -> str:
    return "1 event" if number == 1 else f"{number} events"
