"""Bringing a service's database to the form its code expects, by Alembic."""

from importlib.resources import files

from alembic import command, context
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, MetaData, text

from shared.config import ConfigurationError
from shared.db import Database, insert
from shared.messaging.models import Instance

_NEWER = "DATABASE_URL: a newer version made this database. Run that one, or restore a backup."
_NOT_UTF8 = "DATABASE_URL: the database has another encoding than UTF8. Make it anew with that one."
_LOCK = 0x6D696772617465  # "migrate": any number


class AnotherInstance(Exception):
    """The database belongs to another installation: its events already carry that name."""


def migrate(database: Database, package: str, *, instance: str) -> None:
    """Bring *database* to the newest form of service *package*, and name its events' source.

    Raises AnotherInstance when it was first migrated under another *instance*: the source is
    part of what receivers know an event by, so it never changes. Raises ConfigurationError when
    a newer version has been there, or when *database* could not keep everybody's name.
    """
    with database.engine.connect() as connection:
        _check_encoding(connection)
        if not _is_current(connection, package):
            _upgrade(connection, package)
    source = f"urn:coproduce:{instance}:{package}"
    with database.transaction("migrate") as session:
        first = insert(session, Instance).values(id=1, source=source).on_conflict_do_nothing()
        session.execute(first)
        named = session.get_one(Instance, 1)
        if named.source != source:
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


def _check_encoding(connection: Connection) -> None:
    if connection.dialect.name != "postgresql":
        return
    if connection.execute(text("show server_encoding")).scalar_one() != "UTF8":
        raise ConfigurationError([_NOT_UTF8])


def _upgrade(connection: Connection, package: str) -> None:
    config = configuration(package)
    config.attributes["connection"] = connection
    if connection.dialect.name == "postgresql":  # two at once take turns; the second finds it done
        connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    try:
        command.upgrade(config, "head")
    except CommandError as error:  # it stands at a form that this version does not know
        raise ConfigurationError([_NEWER]) from error
    connection.commit()
