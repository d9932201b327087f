"""`membership choice`: what people who join may choose from; `membership erasures`: who waits."""

import re
from collections.abc import Mapping
from contextlib import AbstractContextManager

import click
from marshmallow import ValidationError

from membership.config import MembershipSettings
from membership.members import choices, queries
from membership.members.models import ChoiceKind
from shared.clock import in_words
from shared.commandline import Wrong, database_of
from shared.db import Database
from shared.web.forms import Text

Environ = Mapping[str, str] | None
_KIND = click.Choice([kind.value for kind in ChoiceKind])
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
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


def _database(environ: Environ) -> AbstractContextManager[Database]:
    return database_of("membership", MembershipSettings, environ)
