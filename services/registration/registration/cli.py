"""The command `registration`: webinars, for who has no browser at hand."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import click

from registration import planning, queries
from registration.app import SERVICE
from registration.config import RegistrationSettings
from registration.demo import add_demo
from registration.options import HttpsLink, Panellist, UkTime, Words
from registration.planning import NoSlug, SlugTaken, WebinarDetails, slug_of
from shared.clock import in_words
from shared.commandline import Wrong, database_of
from shared.processes import service_command

Environ = Mapping[str, str] | None

main = service_command(SERVICE)
_MOST_PLACES = 10_000


@main.group()
def webinar() -> None:
    """Add webinars, or list them."""


@webinar.command("add")
@click.option("--title", required=True, type=Words(120))
@click.option("--summary", required=True, type=Words(500), help="A sentence or two for the list.")
@click.option("--expect", required=True, type=Words(5000), help="What will happen, and how.")
@click.option("--starts", required=True, type=UkTime(), help="UK time.")
@click.option("--minutes", default=60, show_default=True, type=click.IntRange(5, 24 * 60))
@click.option("--capacity", required=True, type=click.IntRange(1, _MOST_PLACES))
@click.option("--joining-link", required=True, type=HttpsLink(), help="Mailed to who has a place.")
@click.option("--panellist", "panel", multiple=True, type=Panellist(), help="As often as needed.")
@click.pass_obj
def add(environ: Environ, /, *, starts: datetime, minutes: int, **told: Any) -> None:
    """Open a webinar to registrations."""
    slug = _slug(told["title"])
    ends = starts + timedelta(minutes=minutes)
    details = WebinarDetails(starts_at=starts, ends_at=ends, **told)
    with (
        database_of("registration", RegistrationSettings, environ) as database,
        database.transaction("add_webinar") as session,
    ):
        try:
            planning.add_webinar(session, details, slug=slug, by="an operator")
        except SlugTaken as error:
            raise Wrong(f"--title: there is a webinar at /webinars/{slug} already.") from error
    click.echo(f"/webinars/{slug} is open: {in_words(starts)}, UK time.")


@webinar.command("list")
@click.pass_obj
def list_webinars(environ: Environ) -> None:
    """Show the webinars to come, the soonest first."""
    with (
        database_of("registration", RegistrationSettings, environ) as database,
        database.reading() as session,
    ):
        upcoming = queries.upcoming(session)
        taken = queries.taken(session, upcoming)
    for row in upcoming:
        state = "cancelled" if row.is_cancelled else f"{taken[row.id]}/{row.capacity} places taken"
        click.echo(f"{in_words(row.starts_at)}  {row.title}  ({state})  /webinars/{row.slug}")
    if not upcoming:
        click.echo("No webinar is planned. Add one: registration webinar add --help")


@main.command()
@click.pass_obj
def demo(environ: Environ) -> None:
    """Add three made-up webinars to look at, unless they are there."""
    with (
        database_of("registration", RegistrationSettings, environ) as database,
        database.transaction("demo") as session,
    ):
        added = add_demo(session)
    click.echo(f"{added} webinars added." if added else "They are there already.")


def _slug(title: str) -> str:
    try:
        return slug_of(title)
    except NoSlug as error:
        said = "--title: it needs some letters from a to z, or digits, for its address."
        raise Wrong(said) from error
