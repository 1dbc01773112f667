"""The subscribers' database: durable commits, and no value in any error message."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from sqlite3 import OperationalError as SqliteError
from threading import Lock
from weakref import finalize

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, InterfaceError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import ConnectionPoolEntry

from constanta.errors import Problem, SettingsError, sentence

HEAD = "0001"
"""The newest migration; a database that stands there needs no upgrade."""


class AwayError(Exception):
    """The database did not answer a moment ago, so nobody waits for it now."""


UNAVAILABLE = (OperationalError, InterfaceError, PoolTimeoutError, SqliteError, AwayError)
"""What is raised while the database is away, busy or full; SQLite's own error where a connection is being opened."""

_BUSY_SECONDS = 20
_CONNECT_SECONDS = 4
_POOL_SECONDS = 4
_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA trusted_schema = OFF",
    # What SQLite would sort in a temporary file stays in memory.
    "PRAGMA temp_store = MEMORY",
)


class Database:
    """One subscribers' database, opened and brought up to date at its first use."""

    def __init__(self, url: str | sa.URL) -> None:
        """Describe the database; nothing is connected yet.

        Raises:
            SettingsError: The address cannot be used.
        """
        try:
            self.url = sa.make_url(url)
            is_sqlite = self.url.get_backend_name() == "sqlite"
            self.engine = sa.create_engine(
                self.url,
                hide_parameters=True,
                pool_pre_ping=not is_sqlite,
                pool_timeout=_BUSY_SECONDS if is_sqlite else _POOL_SECONDS,
                connect_args={"timeout": _BUSY_SECONDS}
                if is_sqlite
                else {"connect_timeout": _CONNECT_SECONDS},
            )
        except (ArgumentError, ImportError, ValueError) as error:  # the last one for a port that is no number
            # Not repeated, for a password may stand in it.
            wrong = sentence(
                "CONSTANTA_DATABASE_URL must look like postgresql+psycopg://user:password@host/name. Special characters in "
                "a password must be percent-encoded."
            )
            raise SettingsError(Problem(wrong)) from error
        # SQLite removes its journal, in which old pages stand, when the last connection is closed.
        finalize(self, self.engine.dispose)
        self._ready = False
        self._failures = 0
        self._lock = Lock()
        if is_sqlite:
            sa.event.listen(self.engine, "connect", _prepare_sqlite)
            sa.event.listen(self.engine, "begin", _begin_sqlite)
        elif self.url.get_driver_name() == "psycopg":
            # psycopg costs each process some megabytes; only where there is a PostgreSQL, they are needed.
            postgres = import_module("constanta.newsletter.postgres")
            sa.event.listen(self.engine, "do_connect", postgres.connect)

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """Give a connection in a transaction that is durable when the block ends, and undone when it raises."""
        self._upgrade_once()
        with self.engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Give a connection for reading, which on SQLite waits for no writer."""
        self._upgrade_once()
        with self.engine.connect() as connection:
            connection = connection.execution_options(reads_only=True)
            with connection.begin():
                yield connection

    def close(self) -> None:
        """Close all connections that are not in use."""
        self.engine.dispose()

    def _upgrade_once(self) -> None:
        if self._ready:
            return
        failures = self._failures
        with self._lock:
            if self._ready:
                return
            if self._failures > failures:  # whoever has waited for one that failed would only fail after it
                raise AwayError
            try:
                self._upgrade()
            except UNAVAILABLE:
                self._failures += 1
                raise
            self._ready = True

    def _upgrade(self) -> None:
        if (path := sqlite_path(self.url)) is not None:
            _make_private(path)
        if self._revision() == HEAD:
            return
        # Alembic takes as long to import as the rest of the site; only a database that lacks a migration pays.
        migrate = import_module("constanta.newsletter.migrate")
        with self.engine.begin() as connection:
            migrate.upgrade(connection)

    def _revision(self) -> str | None:
        try:
            with self.engine.connect() as connection:
                version: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
                return version
        except (OperationalError, ProgrammingError):
            # The table is not there yet. Were the server not there, the upgrade would say so.
            return None


def sqlite_path(url: sa.URL) -> Path | None:
    """Return the file of a SQLite database, or None for another database or one in memory."""
    if url.get_backend_name() != "sqlite" or url.database in {None, "", ":memory:"}:
        return None
    return Path(str(url.database))


def _make_private(path: Path) -> None:
    """Make the database's file for its owner alone; SQLite gives its journals the same rights."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


def _prepare_sqlite(dbapi: SqliteConnection, _: ConnectionPoolEntry) -> None:
    # SQLAlchemy's "begin" event begins each transaction; the driver's own late BEGIN would let two writers collide.
    dbapi.isolation_level = None
    for pragma in _PRAGMAS:
        dbapi.execute(pragma).close()


def _begin_sqlite(connection: sa.Connection) -> None:
    reads_only = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
