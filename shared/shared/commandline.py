"""Commands: settings from the environment, and plain words for what an operator can put right."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click
from sqlalchemy.exc import DBAPIError

from shared.config import ConfigurationError, WebSettings, read
from shared.db import Database
from shared.messaging.rabbit.management import BrokerRefuses
from shared.migrations import AnotherInstance, is_current
from shared.outages import Outage, is_damage, is_outage
from shared.readiness import DATABASE_AWAY, not_migrated


class Wrong(click.ClickException):
    """Something the operator can put right: said in a line, with exit code 2."""

    exit_code = 2


class PlainGroup(click.Group):
    """Commands that never end in a traceback for what an operator can put right."""

    def invoke(self, context: click.Context) -> Any:
        """Run the command. Raises Wrong."""
        try:
            return super().invoke(context)
        except (ConfigurationError, AnotherInstance, BrokerRefuses, Outage) as error:
            raise Wrong(str(error)) from error
        except DBAPIError as error:
            if is_outage(error):
                raise Wrong(DATABASE_AWAY) from error
            if is_damage(error):
                raise Wrong(f"DATABASE_URL: {error.orig}. Put it back from a backup.") from error
            raise


@contextmanager
def database_of(
    package: str, settings: type[WebSettings], environ: Mapping[str, str] | None
) -> Iterator[Database]:
    """Yield the migrated database that *environ*, or the process's environment, names.

    Raises Wrong when it has not been migrated.
    """
    database = Database(read(settings, environ or os.environ).database_url)
    try:
        if not is_current(database, package):
            raise Wrong(not_migrated(package))
        yield database
    finally:
        database.dispose()
