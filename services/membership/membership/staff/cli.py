"""`membership staff`: accounts, from the machine itself."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import click
from sqlalchemy.orm import Session

from membership.staff import commands, queries
from membership.staff.commands import SETUP_WORKS, AddressTaken
from membership.staff.models import StaffAccount
from shared.addresses import NotAnAddress, ascii_form
from shared.clock import in_words, utc_now
from shared.commandline import Wrong, database_of
from shared.config import WebSettings, read
from shared.staff import Role

Environ = Mapping[str, str] | None
_ROLE = click.Choice([role.value for role in Role])
_LONGEST_NAME = 100


@click.group()
def staff() -> None:
    """Add accounts of staff, list them, shut them."""


@staff.command("add")
@click.argument("email")
@click.option("--name", required=True, help="Shown to colleagues.")
@click.option("--role", required=True, type=_ROLE, help="Each may do what those before it may.")
@click.pass_obj
def add(environ: Environ, email: str, name: str, role: str) -> None:
    """Let EMAIL sign in; print the link with which to choose a password."""
    if not name.strip().isprintable() or not 0 < len(name.strip()) <= _LONGEST_NAME:
        raise Wrong(f"--name: give 1 to {_LONGEST_NAME} letters.")
    with _changing(environ) as session:
        try:
            token = commands.add_account(
                session, email=_address(email), name=name.strip(), role=Role(role)
            )
        except AddressTaken as error:
            raise Wrong(
                "EMAIL: there is an account with it. For a new link: staff reset"
            ) from error
    _say_link(environ, token)


@staff.command("list")
@click.pass_obj
def list_accounts(environ: Environ) -> None:
    """Show all accounts."""
    with database_of("membership", WebSettings, environ) as database, database.reading() as session:
        found = queries.accounts(session)
    for account in found:
        click.echo(f"{account.email}  {account.name}  {account.role}  {_state(account)}")
    if not found:
        click.echo("Nobody can sign in. Add somebody: membership staff add --help")


@staff.command("disable")
@click.argument("email")
@click.pass_obj
def disable(environ: Environ, email: str) -> None:
    """Shut EMAIL out, at once and everywhere."""
    with _changing(environ) as session:
        commands.disable(session, _account(session, email))
    click.echo("They are out. To let them in again: membership staff reset")


@staff.command("role")
@click.argument("email")
@click.argument("role", type=_ROLE)
@click.pass_obj
def role(environ: Environ, email: str, role: str) -> None:
    """Let EMAIL do what ROLE may; they have to sign in again."""
    with _changing(environ) as session:
        commands.change_role(session, _account(session, email), Role(role))
    click.echo(f"They may do now what the role {role} may.")


@staff.command("reset")
@click.argument("email")
@click.pass_obj
def reset(environ: Environ, email: str) -> None:
    """Let EMAIL begin anew, without password or code; print the link for it."""
    with _changing(environ) as session:
        token = commands.reset(session, _account(session, email))
    _say_link(environ, token)


@contextmanager
def _changing(environ: Environ) -> Iterator[Session]:
    with (
        database_of("membership", WebSettings, environ) as database,
        database.transaction("staff") as session,
    ):
        yield session


def _account(session: Session, email: str) -> StaffAccount:
    found = queries.account(session, _address(email), lock=True)
    if found is None:
        raise Wrong("EMAIL: no account has this address. See: membership staff list")
    return found


def _address(email: str) -> str:
    try:
        return ascii_form(email).lower()
    except NotAnAddress as error:
        raise Wrong("EMAIL: it is not an email address like name@example.org.") from error


def _say_link(environ: Environ, token: str) -> None:
    base = read(WebSettings, environ or os.environ).base_url
    until = in_words(utc_now() + SETUP_WORKS)
    click.echo(
        f"Give them this link in a way that nobody else reads. It works once, until {until}:"
    )
    click.echo(f"{base}/staff/set-up/{token}")


def _state(account: StaffAccount) -> str:
    if account.disabled_at:
        return f"shut since {in_words(account.disabled_at)}"
    return "may sign in" if account.password_hash else "has no password yet"
