"""`membership choice`: what people choose from; `erasures` and its like: who is forgotten."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import TextIO
from uuid import UUID

import click
from marshmallow import ValidationError

from membership.config import MembershipSettings
from membership.members import choices, erasing, queries
from membership.members.models import ChoiceKind
from shared.clock import in_words
from shared.commandline import Wrong, database_of
from shared.db import Database
from shared.web.forms import Text

Environ = Mapping[str, str] | None
_KIND = click.Choice([kind.value for kind in ChoiceKind])
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_ERASED = re.compile(r"([0-9a-f-]{36}) (\S+\+00:00) ([0-9a-f]{64})")
_LABEL = Text(100, label="LABEL", enter="LABEL is empty")


@click.group()
def choice() -> None:
    """Say what people who join may choose from."""


@choice.command("list")
@click.pass_obj
def list_choices(environ: Environ) -> None:
    """Show what is offered, in the order in which it is."""
    with _database(environ) as database, database.reading() as session:
        offered = queries.offered(session)
    for kind, rows in offered.items():
        for row in rows:
            click.echo(f"{kind}  {row.code}  {row.label}")


@choice.command("add")
@click.argument("kind", type=_KIND)
@click.argument("code")
@click.argument("label")
@click.pass_obj
def add(environ: Environ, kind: str, code: str, label: str) -> None:
    """Offer LABEL; CODE is what other systems know it by. A known CODE gets the new LABEL."""
    if not _CODE.fullmatch(code):
        raise Wrong("CODE: it may have small letters, digits and hyphens only, at most 40.")
    try:
        words = str(_LABEL.deserialize(label))
    except ValidationError as error:
        raise Wrong(f"{error.messages[0]}.") from error
    with _database(environ) as database, database.transaction("choice") as session:
        choices.offer(session, ChoiceKind(kind), code, words)
    click.echo(f"{words} is offered.")


@choice.command("retire")
@click.argument("kind", type=_KIND)
@click.argument("code")
@click.pass_obj
def retire(environ: Environ, kind: str, code: str) -> None:
    """Offer CODE no longer; who has chosen it keeps it."""
    with _database(environ) as database, database.transaction("choice") as session:
        try:
            choices.retire(session, ChoiceKind(kind), code)
        except choices.NoSuchChoice as error:
            raise Wrong(f"CODE: no {kind} has the code {code}.") from error
    click.echo("It is no longer offered.")


@click.command()
@click.pass_obj
def erasures(environ: Environ) -> None:
    """Show which services have not said yet that they have forgotten whom."""
    with _database(environ) as database, database.reading() as session:
        waiting = queries.unfinished_erasures(session)
    for row in waiting:
        click.echo(f"{row.member_id}  {row.service}, since {in_words(row.requested_at)}")
    if not waiting:
        click.echo("Everybody who asked for it has been forgotten.")


@click.command()
@click.option("--since", type=click.DateTime(), help="Only who was erased since then (UTC).")
@click.pass_obj
def erased(environ: Environ, since: datetime | None) -> None:
    """List who was erased, by ids and keys alone, to be kept apart from the backups."""
    moment = since.replace(tzinfo=UTC) if since else None
    with _database(environ) as database, database.reading() as session:
        for row in erasing.erased(session, moment):
            click.echo(f"{row.member_id} {row.until.isoformat()} {row.address_key}")


@click.command("erase-again")
@click.argument("file", type=click.File())
@click.pass_obj
def erase_again(environ: Environ, file: TextIO) -> None:
    """Erase all those in FILE (or -), a list by `erased`, after a backup was put back."""
    listed = _listed(file)
    with _database(environ) as database, database.transaction("erase_again") as session:
        found = Counter(erasing.erase_again(session, id, listed[id]) for id in sorted(listed))
    click.echo(f"Erased here: {found[erasing.Found.HELD]}")
    click.echo(f"Erased here before: {found[erasing.Found.ERASED]}")
    click.echo(f"Not known here: {found[erasing.Found.UNKNOWN]}")
    click.echo("Every service is asked to forget all of them: see `membership erasures`.")


def _listed(lines: Iterable[str]) -> dict[UUID, list[erasing.Held]]:
    listed: dict[UUID, list[erasing.Held]] = defaultdict(list)
    for number, line in enumerate(lines, start=1):
        found = _ERASED.fullmatch(line.strip())
        try:
            if found is None:
                raise ValueError(line)
            listed[UUID(found[1])].append((found[3], datetime.fromisoformat(found[2])))
        except ValueError:
            raise Wrong(f"Line {number} is not as `membership erased` prints it.") from None
    return listed


def _database(environ: Environ) -> AbstractContextManager[Database]:
    return database_of("membership", MembershipSettings, environ)
