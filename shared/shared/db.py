"""The database: transactions, instants and names that are the same on SQLite and PostgreSQL."""

import select
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    any_,
    bindparam,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.types import TypeDecorator

from shared.clock import Clock, utc_now
from shared.crashpoints import crashpoint

# A server that is frozen or cut off is given up, not waited for (libpq, 34.1.2): seconds, but for
# tcp_user_timeout: milliseconds. Text comes as text, even from a server that knows no encoding.
_CONNECTING = {
    "client_encoding": "utf8",
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
    # Who is frozen within a transaction lets go: the server ends it, and all its locks with it.
    "options": "-c idle_in_transaction_session_timeout=30s",
}


def metadata() -> MetaData:
    """Return new metadata in which every constraint gets a name that migrations can use."""
    return MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Refuses naive values; gives back aware ones in UTC on either database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return *value* as the database keeps it. Raises ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the stored instant, aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Database:
    """One service's database. Every change goes through `transaction`, every look `reading`."""

    def __init__(self, url: str, *, clock: Clock = utc_now) -> None:
        self.engine = _engine(url)
        self.dialect = self.engine.dialect.name
        self.clock = clock
        self._sessions = sessionmaker(self.engine, expire_on_commit=False, info={"clock": clock})
        # SQLite has one writer; its own waiting is unfair and gives up under a handful of threads.
        self._writing = threading.Lock() if self.dialect == "sqlite" else nullcontext()

    @contextmanager
    def transaction(self, name: str, *, durable: bool = True) -> Iterator[Session]:
        """Yield a session that is committed when the block ends, rolled back when it raises.

        *name* is where a crash test may strike. With *durable* False the last moments may be
        forgotten after a loss of power: fit for counters only.
        """
        with self._writing, self._sessions() as session:
            _begin_writing(session, durable=durable)
            yield session
            session.flush()
            crashpoint(f"{name}.before_commit")
            session.commit()
            crashpoint(f"{name}.after_commit")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session to look with: on SQLite it never waits for a writer."""
        with self._sessions() as session:
            yield session
            # After a rollback psycopg forgets what it has prepared, and all is planned anew.
            if self.dialect == "postgresql":
                session.commit()

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def now(session: Session) -> datetime:
    """Return the time by the clock that the database was given."""
    clock: Clock = session.info["clock"]
    return clock()


def database_now(session: Session) -> datetime:
    """Return the time by the database's own clock: for locks, leases and retries."""
    if session.get_bind().dialect.name == "postgresql":
        aware: datetime = session.execute(text("select clock_timestamp()")).scalar_one()
        return aware.astimezone(UTC)
    naive = session.execute(text("select strftime('%Y-%m-%d %H:%M:%f', 'now')")).scalar_one()
    return datetime.fromisoformat(naive).replace(tzinfo=UTC)


def insert(session: Session, table: Any) -> Any:
    """Return an insert that can say what to do on a conflict, which is not in standard SQL."""
    return insert_in(dialect_of(session), table)


def dialect_of(session: Session) -> str:
    """Return "postgresql" or "sqlite"."""
    return session.get_bind().dialect.name


def among(session: Session, column: Any, values: Collection[Any]) -> ColumnElement[bool]:
    """Return whether *column* is one of *values*, for hundreds of them.

    PostgreSQL is given them as one array: a parameter for each is slow to write and to read.
    """
    if dialect_of(session) != "postgresql":
        return column.in_(values)  # type: ignore[no-any-return]
    array = bindparam(None, [*values], type_=postgresql.ARRAY(column.type))
    return column == any_(array)  # type: ignore[no-any-return]


def insert_in(dialect: str, table: Any) -> Any:
    """Return what `insert` returns, for statements that are made once and kept."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def _begin_writing(session: Session, *, durable: bool) -> None:
    connection = session.connection(execution_options={"writing": True, "durable": durable})
    if not durable and connection.dialect.name == "postgresql":
        connection.exec_driver_sql("set local synchronous_commit = off")


def _engine(url: str) -> Engine:
    if make_url(url).get_backend_name() != "sqlite":
        # Parameters hold personal data.
        engine = create_engine(url, pool_size=20, hide_parameters=True, connect_args=_CONNECTING)
        event.listen(engine, "checkout", _refuse_closed)
        return engine
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": 10})
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _refuse_closed(connection: Any, _record: Any, _proxy: Any) -> None:
    """Take no connection that the server has closed. Asking it would cost each transaction a way.

    To one that rests the server says nothing, unless that it closes it.
    """
    said = select.poll()
    said.register(connection.fileno(), select.POLLIN)
    if said.poll(0):
        raise InvalidatePoolError


def _configure_sqlite(connection: DBAPIConnection, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    # What is deleted is overwritten, so that no file holds what somebody had deleted.
    for pragma in ("journal_mode=wal", "foreign_keys=on", "synchronous=full", "secure_delete=on"):
        connection.cursor().execute(f"pragma {pragma}")


def _begin_sqlite(connection: Any) -> None:
    options = connection.get_execution_options()
    if not options.get("writing"):
        connection.exec_driver_sql("begin")
        return
    # Per connection and free: FULL waits for the disk at commit, NORMAL does not.
    connection.exec_driver_sql(
        f"pragma synchronous={'full' if options.get('durable', True) else 'normal'}"
    )
    connection.exec_driver_sql("begin immediate")
