"""Migrations bring an empty database of either kind to exactly what the models say."""

import threading
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from alembic import command
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, text

from shared.config import ConfigurationError
from shared.db import Database
from shared.messaging.models import Instance
from shared.migrations import AnotherInstance, configuration, is_current, migrate
from tests.integration.conftest import NewDatabase
from tests.support.postgresql import PostgreSQL

SERVICES = ["membership", "registration", "notifications"]
# What a table or an index is beyond its columns, which Alembic compares: where it is partial,
# what it refers to.
CATALOGUES = {
    "sqlite": "select name, sql from sqlite_master where type = 'index' and sql is not null",
    "postgresql": """
        select indexname, indexdef from pg_indexes where schemaname = 'public'
        union all
        select conname, pg_get_constraintdef(oid) from pg_constraint
        where connamespace = 'public'::regnamespace""",
}


def tables_of(service: str, connection: Connection) -> Collection[MetaData]:
    """Return the metadata that the service's env.py says its database holds."""
    found: list[MetaData] = []

    def look(_revision: Any, context: Any) -> list[Any]:
        found.extend(context.opts["target_metadata"])
        return []

    config = configuration(service)
    config.attributes["connection"] = connection
    script = ScriptDirectory.from_config(config)
    with EnvironmentContext(config, script, fn=look):
        script.run_env()
    return found


def details(database: Database) -> dict[str, str]:
    """Return how the database defines each index and constraint, the migrations' own excepted."""
    with database.engine.connect() as connection:
        rows = connection.execute(text(CATALOGUES[database.dialect])).all()
    return {name: definition for name, definition in rows if "alembic" not in name}


@pytest.mark.parametrize("service", SERVICES)
def test_migrations_lead_to_what_the_models_say(service: str, new_database: NewDatabase):
    migrated, modelled = new_database(), new_database()
    assert not is_current(migrated, service)
    migrate(migrated, service, instance="test")
    assert is_current(migrated, service)

    with migrated.engine.connect() as connection:
        config = configuration(service)
        config.attributes["connection"] = connection
        command.check(config)
        tables = tables_of(service, connection)
    for metadata in tables:
        metadata.create_all(modelled.engine)
    assert details(migrated) == details(modelled)


@pytest.mark.parametrize("service", SERVICES)
def test_migrating_again_changes_nothing(service: str, database: Database):
    for _ in range(2):
        migrate(database, service, instance="test")

    with database.reading() as session:
        assert session.get_one(Instance, 1).source == f"urn:coproduce:test:{service}"


@pytest.mark.parametrize("service", SERVICES)
def test_a_database_of_another_installation_is_refused(service: str, database: Database):
    migrate(database, service, instance="one")

    with pytest.raises(AnotherInstance, match=f"made for urn:coproduce:one:{service}"):
        migrate(database, service, instance="two")


@pytest.mark.parametrize("service", SERVICES)
def test_a_database_of_a_newer_version_is_refused(service: str, database: Database):
    migrate(database, service, instance="test")
    with database.transaction("test") as session:
        session.execute(text("update alembic_version set version_num = 'newer'"))

    assert not is_current(database, service)
    with pytest.raises(ConfigurationError, match="a newer version made this database"):
        migrate(database, service, instance="test")


def test_a_database_that_cannot_keep_every_name_is_refused(postgresql: PostgreSQL):
    database = Database(postgresql.database("SQL_ASCII"))

    assert not is_current(database, "membership")
    with pytest.raises(ConfigurationError, match="another encoding than UTF8"):
        migrate(database, "membership", instance="test")
    database.dispose()


def test_processes_that_start_together_migrate_once(postgresql: PostgreSQL):
    """Of SQLite there is one process at a time."""
    databases = [Database(url) for url in [postgresql.database()] * 4]
    together = threading.Barrier(4)

    def start(database: Database) -> bool:
        together.wait()
        migrate(database, "membership", instance="test")
        return is_current(database, "membership")

    with ThreadPoolExecutor(4) as pool:
        migrated = list(pool.map(start, databases))
    for database in databases:
        database.dispose()

    assert migrated == [True] * 4


@pytest.mark.parametrize("service", SERVICES)
def test_migrations_can_be_taken_back(service: str, database: Database):
    migrate(database, service, instance="test")

    with database.engine.connect() as connection:
        config = configuration(service)
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        connection.commit()

    assert not is_current(database, service)
    migrate(database, service, instance="another")
