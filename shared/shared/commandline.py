"""The command of a service: settings from the environment, and plain words for what is wrong."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click
from sqlalchemy.exc import SQLAlchemyError

from shared.config import ConfigurationError, WebSettings, read
from shared.db import Database, is_outage
from shared.migrations import AnotherInstance, is_current
from shared.migrations import migrate as bring_to_date


class Wrong(click.ClickException):
    """Something the operator can put right: said in a line, with exit code 2."""

    exit_code = 2


class PlainGroup(click.Group):
    """Commands that never end in a traceback for what an operator can put right."""

    def invoke(self, context: click.Context) -> Any:
        """Run the command. Raises Wrong."""
        try:
            return super().invoke(context)
        except (ConfigurationError, AnotherInstance) as error:
            raise Wrong(str(error)) from error
        except SQLAlchemyError as error:
            if is_outage(error):
                raise Wrong("DATABASE_URL: the database does not answer. Is it running?") from error
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
            raise Wrong(f"DATABASE_URL: the database is not up to date. Run: {package} migrate")
        yield database
    finally:
        database.dispose()


def service_command(package: str, settings: type[WebSettings], about: str) -> click.Group:
    """Return the command of service *package*, which can migrate its database.

    Settings come from the context's object where the caller gives one, else from the environment.
    """
    main = PlainGroup(package, help=about)

    @main.command()
    @click.pass_obj
    def migrate(environ: Mapping[str, str] | None) -> None:
        """Bring the database to the form that this version expects."""
        stated = read(settings, environ or os.environ)
        database = Database(stated.database_url)
        bring_to_date(database, package, instance=stated.instance)
        database.dispose()

    return main
