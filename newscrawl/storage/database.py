"""The engine of a state: SQLite (WAL) or PostgreSQL, its transactions, and its errors as sentences."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import SQLAlchemyError

from newscrawl.program import program
from newscrawl.storage.append import make_directory
from newscrawl.storage.errors import UNREACHABLE, StorageError, UnreachableError
from newscrawl.storage.migrations import create_or_migrate

BUSY_SECONDS = 20.0
JOURNAL_BYTES = 8 << 20
#: How libpq finds that a server has gone without a word, within a minute: seconds, seconds, tries, milliseconds.
KEEPALIVES = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 60_000}
# The same for the server, whose own default is hours: so long it would keep the source of a machine that is gone.
_SERVER_KEEPALIVES = "SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3"
_NO_SERVER = (
    "connection failed",
    "connection refused",
    "could not connect",
    "could not translate",
    "the connection is closed",
    "the connection is lost",
)


def failure(error: SQLAlchemyError | sqlite3.Error, name: str) -> StorageError:
    """What went wrong with the state, for a person."""
    cause = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    low = cause.lower()
    if getattr(error, "connection_invalidated", False) or any(phrase in low for phrase in _NO_SERVER):
        return UnreachableError(f"{UNREACHABLE} {name}: {cause}")
    # What follows on a connection that was cut and is not to be taken for another.
    if isinstance(error, sa.exc.PendingRollbackError):
        return UnreachableError(f"{UNREACHABLE} {name}: the connection was cut")
    return StorageError(_sentence(cause, low, name))


def _sentence(cause: str, low: str, name: str) -> str:
    if "is locked" in low:
        return f"the state {name} is locked by another program ({cause})"
    if "malformed" in low or "not a database" in low or "disk image" in low or "could not decode" in low:
        return damaged(name, cause.encode("unicode_escape").decode())
    if "disk is full" in low or "no space left" in low:
        return f"cannot write the state {name}: the disk is full"
    if "readonly" in low or "unable to open" in low:
        return f"cannot write the state {name}: {cause}"
    return f"the state {name} fails: {cause}"


def damaged(name: str, cause: str) -> str:
    """What to say, and to do, of a state whose file is broken."""
    return f"the state {name} is damaged ({cause}); `{program()} state rebuild` makes it anew from the articles"


class guarded:  # noqa: N801 (read as contextlib's suppress)
    """Database errors leave as StorageError; `tell` hears of each StorageError on its way out.

    A class, and one that can be entered again, because it stands around every lookup.
    """

    def __init__(self, name: str, tell: Callable[[StorageError], None] = lambda _error: None) -> None:
        self._name = name
        self._tell = tell

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, StorageError):
            self._tell(error)
        elif isinstance(error, SQLAlchemyError | sqlite3.Error):
            told = failure(error, self._name)
            self._tell(told)
            raise told from error


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that may write, committed at the end; see open_engine."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection


def insert(engine: sa.Engine, table: sa.Table) -> Any:
    """An insert that can say ON CONFLICT; the two databases' constructs are twins without a common base."""
    if engine.dialect.name == "postgresql":
        # Here, because loading it takes a twentieth of the time that a crawl takes to start.
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    return sqlite.insert(table)


def sqlite_path(url: str) -> Path | None:
    """The file of an SQLite state; None for a server."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return None
    return Path(parsed.database)


def check_url(url: str) -> sa.URL:
    """The database that STATE_URL names, with its driver; StorageError when it is none that can hold a state."""
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError as error:
        raise StorageError("STATE_URL is not a database URL such as sqlite:///data/state.sqlite") from error
    if parsed.get_backend_name() == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() != "sqlite":
        raise StorageError(f"STATE_URL {shown(url)} is neither SQLite nor PostgreSQL")
    return parsed


def open_engine(url: str, *, busy_seconds: float = BUSY_SECONDS) -> sa.Engine:
    """The engine of a state, its tables made and migrated; StorageError when it cannot be used.

    A transaction opened with the execution option `writes=True` takes SQLite's write lock at its start: one that
    reads first and writes then would fail as soon as another process writes in between.
    """
    parsed, name = check_url(url), shown(url)
    path = sqlite_path(url)
    if path is not None:
        make_directory(path.parent)
        _create_private(path)
    try:
        given = {} if path is not None else {name: KEEPALIVES[name] for name in KEEPALIVES.keys() - parsed.query.keys()}
        engine = sa.create_engine(parsed, connect_args=given)
    except (SQLAlchemyError, ImportError) as error:
        raise StorageError(f"STATE_URL {name} needs a driver: {error}") from error
    if path is not None:
        _tune_sqlite(engine, busy_seconds)
    else:
        event.listen(engine, "connect", _tune_server)
    try:
        with guarded(name), writing(engine) as connection:
            create_or_migrate(connection, name)
    except StorageError:
        engine.dispose()
        raise
    return engine


def _create_private(path: Path) -> None:
    """A new state is its owner's alone: it holds every address that was ever listed. SQLite's side files follow.

    One that is there is not opened: closing it would take from this process all locks on the file (POSIX), those of its
    other connections among them, and another process would play the journal in and delete it under them.
    """
    try:
        if not path.exists():
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StorageError.of(error, path, "create") from error


def shown(url: str) -> str:
    """A state's name in messages: the file, or the URL without its password."""
    path = sqlite_path(url)
    return str(path) if path is not None else sa.make_url(url).render_as_string(hide_password=True)


def _tune_sqlite(engine: sa.Engine, busy_seconds: float) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are begun below, not guessed by the driver
        connection.execute(f"PRAGMA busy_timeout = {int(busy_seconds * 1000)}")
        _enter_wal(connection, busy_seconds)
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA cache_size = -16384")
        # One large transaction, or a reader that held up the checkpoint, would set the journal's size for ever.
        connection.execute(f"PRAGMA journal_size_limit = {JOURNAL_BYTES}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: sa.Connection) -> None:
        options = connection.get_execution_options()
        if options.get("isolation_level") != "AUTOCOMMIT":
            connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")


def _tune_server(connection: Any, _record: Any) -> None:
    connection.execute(_SERVER_KEEPALIVES)
    connection.commit()


def _enter_wal(connection: Any, busy_seconds: float) -> None:
    """Changing the journal mode does not wait for the busy timeout, and two new runs may do it at once."""
    deadline = time.monotonic() + busy_seconds
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except Exception as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
