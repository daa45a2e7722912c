"""The index's database, `browse.sqlite` in the data directory: made from the files, made anew at any time.

A row's number is `day << 22 | minute << 11 | n`: what FTS5 gives by descending number comes newest first, and a range
of days is a range of numbers, both without a join or a sort. The text itself stays in the files.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from newscrawl.arabic import FOLD_VERSION
from newscrawl.storage import StorageError

FILE = "browse.sqlite"
#: Raised with every change to the tables or to what is put into them: an index of another version is made anew.
VERSION = f"1.{FOLD_VERSION}"
DAY_BITS = 22
MINUTE_BITS = 11
# What a reader keeps of the file in memory; beyond it the system's own cache serves.
_CACHE_KIB = 65_536
_MAPPED = 4 << 30
_WAIT_SECONDS = 60.0

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE file (n INTEGER PRIMARY KEY, name TEXT UNIQUE, size INTEGER, changed INTEGER, read INTEGER, whole INTEGER);
CREATE TABLE source (n INTEGER PRIMARY KEY, name TEXT UNIQUE, publisher TEXT, country TEXT);
CREATE TABLE name (n INTEGER PRIMARY KEY, kind TEXT, name TEXT, UNIQUE (kind, name));
CREATE TABLE article (n INTEGER PRIMARY KEY, id INTEGER, source INTEGER, version INTEGER, file INTEGER, offset INTEGER,
    length INTEGER, checksum INTEGER, section INTEGER, cluster INTEGER, duplicate INTEGER, similarity REAL);
CREATE INDEX article_id ON article (id);
CREATE INDEX article_cluster ON article (cluster) WHERE cluster IS NOT NULL;
CREATE INDEX article_file ON article (file);
CREATE TABLE older (id INTEGER, source INTEGER, version INTEGER, file INTEGER, offset INTEGER, length INTEGER,
    checksum INTEGER, PRIMARY KEY (id, source, version)) WITHOUT ROWID;
CREATE TABLE daily (day INTEGER, source INTEGER, articles INTEGER, words INTEGER, copies INTEGER, corrected INTEGER,
    walled INTEGER, reserved INTEGER, corrections INTEGER, PRIMARY KEY (day, source)) WITHOUT ROWID;
CREATE TABLE tally (kind TEXT, source INTEGER, name TEXT, n INTEGER, PRIMARY KEY (kind, source, name)) WITHOUT ROWID;
CREATE VIRTUAL TABLE text USING fts5 (title, body, meta, content='', tokenize='ascii');
INSERT INTO text (text, rank) VALUES ('rank', 'bm25(8.0, 1.0, 0.0)');
"""
#: The columns of `daily` that are counts.
COUNTS = ("articles", "words", "copies", "corrected", "walled", "reserved", "corrections")


def day_of(n: int) -> date:
    """The day of a row's number."""
    return date.fromordinal(n >> DAY_BITS)


def first_of(day: date) -> int:
    """The lowest number that a row of a day can have."""
    return day.toordinal() << DAY_BITS


@contextmanager
def guarded(path: Path) -> Iterator[None]:
    """What SQLite refuses, as one sentence."""
    try:
        yield
    except sqlite3.Error as error:
        raise StorageError(f"cannot use the index {path}: {error}") from error


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """A transaction that waits for those of other processes before anything is read in it."""
    connection.execute("BEGIN IMMEDIATE")
    with connection:
        yield


def open_writer(path: Path) -> sqlite3.Connection:
    """The index for updating, with its tables; a damaged one is removed and begun anew. StorageError."""
    with guarded(path):
        try:
            return _opened(path)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            for suffix in ("", "-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
            return _opened(path)


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_WAIT_SECONDS, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        if version_of(connection) != VERSION:
            with writing(connection):
                if version_of(connection) != VERSION:  # nor has another process made it meanwhile
                    _make_tables(connection)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def version_of(connection: sqlite3.Connection) -> str | None:
    """The version that an index was made by; None where there is none."""
    known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone()
    found = known and connection.execute("SELECT value FROM meta WHERE key = 'version'").fetchone()
    return found[0] if found else None


def make_anew(connection: sqlite3.Connection) -> None:
    """Empty tables; in place, because a reader may have the file open."""
    with writing(connection):
        _make_tables(connection)


def epoch_of(connection: sqlite3.Connection) -> str | None:
    """What an update under way must find unchanged, or begin again; None in an index by an older program."""
    found = connection.execute("SELECT value FROM meta WHERE key = 'epoch'").fetchone()
    return found[0] if found else None


def begin_epoch(connection: sqlite3.Connection) -> None:
    """What other processes know of the index, or have read for it, is no longer so."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('epoch', hex(randomblob(8)))")


def _make_tables(connection: sqlite3.Connection) -> None:
    for kind, name in connection.execute(
        "SELECT type, name FROM sqlite_master WHERE sql IS NOT NULL AND type IN ('table', 'index')"
        " AND (name NOT LIKE 'text\\_%' ESCAPE '\\') ORDER BY type = 'table'"
    ).fetchall():
        connection.execute(f'DROP {kind} IF EXISTS "{name}"')
    for statement in _TABLES.split(";\n"):
        if statement.strip():
            connection.execute(statement)
    connection.execute("INSERT INTO meta VALUES ('version', ?), ('generation', '0')", (VERSION,))
    begin_epoch(connection)


def open_reader(path: Path) -> sqlite3.Connection:
    """The index for asking; StorageError when there is none of this version."""
    with guarded(path):
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_WAIT_SECONDS)
        connection.row_factory = sqlite3.Row
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        connection.execute(f"PRAGMA mmap_size = {_MAPPED}")
        if version_of(connection) != VERSION:
            connection.close()
            raise StorageError(f"the index {path} is of another version")
    return connection
