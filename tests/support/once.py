"""What every app and database of the tests has in common, made once in each process of tests."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from shared import migrations
from shared.db import Database


class Compiled(BytecodeCache):
    """Templates as the first app has compiled them: it takes ten times as long as to render one."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill *bucket* with what is kept of its template, if that has not changed."""
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what is in *bucket*."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


def migrate(database: Database, package: str) -> None:
    """Give the empty *database* the newest form of service *package*, for instance "test"."""
    if database.dialect == "sqlite":
        assert database.engine.url.database is not None
        file = Path(database.engine.url.database)
        if not file.exists():
            file.write_bytes(_migrated(package))
    migrations.migrate(database, package, instance="test")


@cache
def _migrated(package: str) -> bytes:
    with TemporaryDirectory() as directory:
        file = Path(directory) / "template.db"
        database = Database(f"sqlite:///{file}")
        migrations.migrate(database, package, instance="test")
        database.dispose()
        return file.read_bytes()
