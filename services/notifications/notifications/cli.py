"""The command `notifications`: mails that need a person, and addresses not to be written to."""

import os
from collections.abc import Mapping
from contextlib import AbstractContextManager
from uuid import UUID

import click

from notifications import commands, queries, suppressions
from notifications.app import SERVICE
from notifications.config import NotificationsSettings
from notifications.models import DeliveryState
from shared.addresses import NotAnAddress, address_key, ascii_form
from shared.clock import in_words
from shared.commandline import Wrong, database_of
from shared.config import read
from shared.db import Database
from shared.processes import service_command

Environ = Mapping[str, str] | None

main = service_command(SERVICE)
_MOST = 200  # lines of a list
_WARNING = "The provider may have sent it already: then the person gets it twice. Send it again?"


@main.group()
def deliveries() -> None:
    """Look at mails by their state, or send one again."""


@deliveries.command("list")
@click.option("--state", required=True, type=click.Choice([state.value for state in DeliveryState]))
@click.pass_obj
def list_deliveries(environ: Environ, state: str) -> None:
    """Show the newest mails in a state: no addresses, so that this can be passed on."""
    with _database(environ) as database, database.reading() as session:
        found = queries.in_state(session, DeliveryState(state), most=_MOST)
    for row in found:
        ended = f", since {in_words(row.ended_at)}" if row.ended_at else ""
        click.echo(f"{row.id}  {row.template}  {row.state}{ended}  {row.reason or ''}".rstrip())
    if not found:
        click.echo(f"No mail is {state}.")


@deliveries.command("send-again")
@click.argument("id", type=click.UUID)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def send_again(environ: Environ, id: UUID, yes: bool) -> None:
    """Send a mail again of which nobody can tell whether it was sent."""
    if not yes:
        click.confirm(_WARNING, abort=True)
    with _database(environ) as database, database.transaction("send_again") as session:
        try:
            commands.send_again(session, id)
        except commands.NotUnknown as error:
            raise Wrong(f"ID: no mail in state unknown has the id {id}.") from error
    click.echo("It will be sent in a moment.")


@main.group("suppressions")
def suppressed() -> None:
    """Look at addresses not to be written to, or let one be written to again."""


@suppressed.command("list")
@click.pass_obj
def list_suppressions(environ: Environ) -> None:
    """Show the addresses not to be written to, and why, the newest first."""
    with _database(environ) as database, database.reading() as session:
        found = suppressions.active(session, most=_MOST)
    for row in found:
        since = in_words(row.suppressed_at)
        click.echo(f"{row.address or row.address_key}  {row.reason}, since {since}: {row.evidence}")
    if not found:
        click.echo("Every address may be written to.")


@suppressed.command("lift")
@click.argument("address")
@click.option("--because", required=True, help="The reason, kept for good.")
@click.pass_obj
def lift(environ: Environ, address: str, because: str) -> None:
    """Let ADDRESS be written to again."""
    try:
        typed = ascii_form(address)
    except NotAnAddress as error:
        raise Wrong("ADDRESS: it is not an email address like name@example.org.") from error
    key = address_key(read(NotificationsSettings, environ or os.environ).address_key, typed)
    with _database(environ) as database, database.transaction("lift") as session:
        found = suppressions.holding(session, key)
        for suppression in found:
            suppressions.lift(session, suppression, because=because)
    if not found:
        raise Wrong("ADDRESS: nothing bars this address.")
    click.echo("It may be written to again.")


def _database(environ: Environ) -> AbstractContextManager[Database]:
    return database_of("notifications", NotificationsSettings, environ)
