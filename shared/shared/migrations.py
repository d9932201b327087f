"""Bringing a service's database to the form its code expects, by Alembic."""

from importlib.resources import files

from alembic import command, context
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, text

from shared.db import Database
from shared.messaging.models import Instance

_LOCK = 0x6D696772617465  # "migrate": any number


class AnotherInstance(Exception):
    """The database belongs to another installation: its events already carry that name."""


def migrate(database: Database, package: str, *, instance: str) -> None:
    """Bring *database* to the newest form of service *package*, and name its events' source.

    Raises AnotherInstance when it was first migrated under another *instance*: the source is
    part of what receivers know an event by, so it never changes.
    """
    with database.engine.connect() as connection:
        if not _is_current(connection, package):
            _upgrade(connection, package)
    source = f"urn:coproduce:{instance}:{package}"
    with database.transaction("migrate") as session:
        named = session.get(Instance, 1)
        if named is None:
            session.add(Instance(id=1, source=source))
        elif named.source != source:
            raise AnotherInstance(f"INSTANCE: this database was made for {named.source}")


def is_current(database: Database, package: str) -> bool:
    """Return whether *database* has the form that this code expects."""
    with database.engine.connect() as connection:
        return _is_current(connection, package)


def run(*metadata: MetaData) -> None:
    """Run the migrations from a service's `env.py`, whose tables are those of *metadata*."""
    connection: Connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def configuration(package: str) -> Config:
    """Return Alembic's configuration for service *package*."""
    config = Config()
    config.set_main_option("script_location", str(files(package) / "migrations"))
    return config


def _is_current(connection: Connection, package: str) -> bool:
    heads = ScriptDirectory.from_config(configuration(package)).get_heads()
    return set(MigrationContext.configure(connection).get_current_heads()) == set(heads)


def _upgrade(connection: Connection, package: str) -> None:
    config = configuration(package)
    config.attributes["connection"] = connection
    if connection.dialect.name == "postgresql":  # two at once take turns; the second finds it done
        connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    command.upgrade(config, "head")
    connection.commit()
