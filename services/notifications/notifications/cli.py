"""The command `notifications`: what an operator tells the service to do."""

import os

import click

from notifications.config import NotificationsSettings
from shared.config import ConfigurationError, read
from shared.db import Database
from shared.migrations import AnotherInstance
from shared.migrations import migrate as bring_to_date


@click.group()
def main() -> None:
    """Mail: what is sent to whom, and with whose permission."""


@main.command()
def migrate() -> None:
    """Bring the database to the form that this version expects."""
    try:
        settings = read(NotificationsSettings, os.environ)
        database = Database(settings.database_url)
        bring_to_date(database, "notifications", instance=settings.instance)
    except (ConfigurationError, AnotherInstance) as error:
        raise click.ClickException(str(error)) from error
    database.dispose()
