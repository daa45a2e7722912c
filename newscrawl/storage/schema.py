"""The state's tables and how they come to be: one database, SQLite (WAL) or PostgreSQL, made and migrated on opening.

Times are whole seconds since 1970 UTC, ids the 64 bits that an article's 16 hex digits spell, hashes raw bytes: at ten
million URLs the indexes are most of the file. `printf('%016x', id)` shows an id in the sqlite3 shell.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from newscrawl.program import program
from newscrawl.storage.append import make_directory
from newscrawl.storage.errors import StorageError

SCHEMA_VERSION = 1
# What turns a state of version n into n + 1, as SQL that both databases take.
MIGRATIONS: dict[int, tuple[str, ...]] = {}
BUSY_SECONDS = 20.0
JOURNAL_BYTES = 8 << 20

metadata = sa.MetaData()
_integer = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

meta = sa.Table(
    "meta",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
sources = sa.Table(
    "sources",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
)
files = sa.Table(
    "files",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("source_id", sa.Integer, nullable=False, index=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("indexed", sa.Boolean, nullable=False, comment="sealed, and each of its lines is known to urls"),
)
urls = sa.Table(
    "urls",
    metadata,
    sa.Column("source_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("identity", sa.Text, comment="null: the URL itself"),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("first_seen", _integer, nullable=False),
    sa.Column("fetched", _integer),
    sa.Column("next_visit", _integer, comment="null: never again"),
    sa.Column("published", _integer),
    sa.Column("newest", _integer, nullable=False, comment="published, or else first seen: the order of due URLs"),
    sa.Column("attempts", sa.Integer, nullable=False, comment="failures since the last success"),
    sa.Column("etag", sa.Text),
    sa.Column("last_modified", sa.Text),
    sa.Column("content_hash", sa.LargeBinary(16)),
    sa.Column("version", sa.Integer, nullable=False, comment="0: no article stored"),
    sa.Column("file_id", sa.Integer),
    sa.Column("reason", sa.Text),
    sa.Column("alias_of", sa.BigInteger),
    sa.Column("hint", sa.Text, comment="JSON: what discovery said; of a stored article, what only discovery said"),
)
sa.Index(
    "urls_due",
    urls.c.source_id,
    urls.c.newest,
    urls.c.id,
    urls.c.next_visit,
    sqlite_where=urls.c.next_visit.is_not(None),
    postgresql_where=urls.c.next_visit.is_not(None),
)
sa.Index(
    "urls_content",
    urls.c.source_id,
    urls.c.content_hash,
    sqlite_where=urls.c.content_hash.is_not(None),
    postgresql_where=urls.c.content_hash.is_not(None),
)


def sentence(error: SQLAlchemyError | sqlite3.Error, name: str) -> str:
    """What went wrong with the state, for a person."""
    cause = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    low = cause.lower()
    if "is locked" in low:
        return f"the state {name} is locked by another program ({cause})"
    if "malformed" in low or "not a database" in low or "disk image" in low:
        return damaged(name, cause)
    if "disk is full" in low or "no space left" in low:
        return f"cannot write the state {name}: the disk is full"
    if "readonly" in low or "unable to open" in low:
        return f"cannot write the state {name}: {cause}"
    if "connection failed" in low or "could not connect" in low or "could not translate" in low:
        return f"cannot reach the state {name}: {cause}"
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
            failure = StorageError(sentence(error, self._name))
            self._tell(failure)
            raise failure from error


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that may write, committed at the end; see open_engine."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection


def insert(engine: sa.Engine, table: sa.Table) -> Any:
    """An insert that can say ON CONFLICT; the two databases' constructs are twins without a common base."""
    return postgresql.insert(table) if engine.dialect.name == "postgresql" else sqlite.insert(table)


def sqlite_path(url: str) -> Path | None:
    """The file of an SQLite state; None for a server."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return None
    return Path(parsed.database)


def open_engine(url: str, *, busy_seconds: float = BUSY_SECONDS) -> sa.Engine:
    """The engine of a state, its tables made and migrated; StorageError when it cannot be used.

    A transaction opened with the execution option `writes=True` takes SQLite's write lock at its start: one that
    reads first and writes then would fail as soon as another process writes in between.
    """
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError as error:
        raise StorageError("STATE_URL is not a database URL such as sqlite:///data/state.sqlite") from error
    name = shown(url)
    if parsed.get_backend_name() == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    elif parsed.get_backend_name() != "sqlite":
        raise StorageError(f"STATE_URL {name} is neither SQLite nor PostgreSQL")
    path = sqlite_path(url)
    if path is not None:
        make_directory(path.parent)
    try:
        engine = sa.create_engine(parsed)
    except (SQLAlchemyError, ImportError) as error:
        raise StorageError(f"STATE_URL {name} needs a driver: {error}") from error
    if path is not None:
        _tune_sqlite(engine, busy_seconds)
    try:
        with guarded(name):
            _create_or_migrate(engine, name)
    except StorageError:
        engine.dispose()
        raise
    return engine


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


def _create_or_migrate(engine: sa.Engine, name: str) -> None:
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            # Two machines may open a new state at once; the number is any that only newscrawl uses.
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(6111)"))
        metadata.create_all(connection)
        found = connection.scalar(sa.select(meta.c.value).where(meta.c.key == "schema"))
        if found is None:
            connection.execute(meta.insert(), {"key": "schema", "value": str(SCHEMA_VERSION)})
            return
        version = int(found)
        if version > SCHEMA_VERSION:
            raise StorageError(
                f"the state {name} was written by a newer newscrawl (schema {version}); update newscrawl"
            )
        for step in range(version, SCHEMA_VERSION):
            for statement in MIGRATIONS[step]:
                connection.exec_driver_sql(statement)
        if version < SCHEMA_VERSION:
            connection.execute(meta.update().where(meta.c.key == "schema").values(value=str(SCHEMA_VERSION)))
