"""The rows of the state: read one by one or lazily in order, staged, and put into the database in batches."""

# ruff: noqa: A002 (an article's id is called id everywhere)
from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import cast

import sqlalchemy as sa

from newscrawl.storage.claims import Claims
from newscrawl.storage.database import BUSY_SECONDS, guarded, insert, open_engine, shown, writing
from newscrawl.storage.direct import Direct
from newscrawl.storage.errors import StorageError
from newscrawl.storage.names import Names, Shipped
from newscrawl.storage.rows import UrlRow, from_database, id_number, id_text, to_database
from newscrawl.storage.schedule import seconds
from newscrawl.storage.schema import files, listings, meta, urls

BATCH_ROWS = 200
BATCH_SECONDS = 5.0
_PAGE = 500
_RECENT = 4096  # rows kept in memory, some 4 MB

# Column by column: what is asked of every URL goes past SQLAlchemy.
_columns = urls.c.keys()
_row = (
    f"SELECT {', '.join(f'urls.{column}' for column in _columns)}, files.name "  # noqa: S608
    "FROM urls LEFT JOIN files ON files.id = urls.file_id WHERE urls.source_id = ?"
)
_by_key = f"{_row} AND urls.id = ?"
_by_hash = "SELECT id FROM urls WHERE source_id = ? AND content_hash = ? LIMIT 1"
_due = (
    f"{_row} AND urls.next_visit IS NOT NULL AND urls.next_visit <= ? AND (urls.newest, urls.id) < (?, ?) "
    f"ORDER BY urls.newest DESC, urls.id DESC LIMIT {_PAGE}"
)
_upsert = (
    f"INSERT INTO urls ({', '.join(_columns)}) VALUES ({', '.join('?' * len(_columns))}) "  # noqa: S608
    "ON CONFLICT (source_id, id) DO UPDATE SET "
    + ", ".join(f"{column.name} = excluded.{column.name}" for column in urls.c if not column.primary_key)
)
_NEWEST, _ID = _columns.index("newest"), _columns.index("id")


class UrlTable:
    """The database behind State: staging, batches, names and notes. Every method may raise StorageError."""

    def __init__(self, url: str, *, busy_seconds: float = BUSY_SECONDS, host: str | None = None) -> None:
        """`host` names the machine on whose disk the article files are, among those that share the state."""
        self.url = url
        self.host = host or socket.gethostname()
        self.engine = open_engine(url, busy_seconds=busy_seconds)
        self.name = shown(url)
        self._guarded = guarded(self.name, self._tell)
        self._reader = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self._direct = Direct(self._reader)
        self._names = Names(self.engine, self._reader, self.host)
        self._staged: dict[tuple[str, str], UrlRow] = {}
        self._recent: dict[tuple[str, str], UrlRow] = {}
        self._staged_hashes: dict[tuple[str, str], str] = {}
        self._before_commit: list[Callable[[], None]] = []
        self._within_commit: list[Callable[[sa.Connection], None]] = []
        self._after_commit: list[Callable[[], None]] = []
        self._on_error: Callable[[StorageError], None] | None = None
        self._committed_at = time.monotonic()
        self._claims = Claims(self._reader, self.name)

    def claim(self, source: str) -> None:
        """Be the only run of a source among all machines of a PostgreSQL state, until close(); HeldError when not.

        SQLite serves one machine, where the lock of the data directory does it.
        """
        with self._guarded:
            self._claims.take(source)

    def release(self, source: str) -> None:
        """Let others have the source before close()."""
        with self._guarded:
            self._claims.release(source)

    # Reading

    def get(self, source: str, id: str) -> UrlRow | None:
        """What is known of one URL."""
        known = self._recent.get((source, id))
        if known is not None:
            return known
        with self._guarded:
            # A source that the state has never met has no number, and null equals nothing.
            found = self._direct.row(_by_key, (self._names.source_id(source), id_number(id)))
        return None if found is None else self._remember(from_database(found, source))

    def by_content_hash(self, source: str, content_hash: str) -> str | None:
        """The id of a stored article of the source with this text."""
        staged = self._staged_hashes.get((source, content_hash))
        if staged is not None and self._staged[source, staged].content_hash == content_hash:
            return staged
        with self._guarded:
            found = self._direct.row(_by_hash, (self._names.source_id(source), bytes.fromhex(content_hash)))
        return None if found is None else id_text(found[0])

    def due(self, source: str, *, now: datetime, limit: int | None = None) -> Iterator[UrlRow]:
        """The source's due URLs, newest first, read in pages as they are asked for."""
        self.commit()
        source_id = self.source_number(source)
        if source_id is None:
            return
        position = (2**62, 2**62)
        given = 0
        while True:
            with self._guarded:
                page = self._direct.rows(_due, (source_id, seconds(now), *position))
            for found in page:
                row = self._staged.get((source, id_text(found[_ID]))) or from_database(found, source)
                if row.next_visit is None or row.next_visit > now:
                    continue
                if given == limit:
                    return
                given += 1
                yield row
            if len(page) < _PAGE:
                return
            position = (page[-1][_NEWEST], page[-1][_ID])

    def counts(self, source: str) -> dict[str, int]:
        """How many URLs of the source have each status."""
        self.commit()
        source_id = self.source_number(source)
        if source_id is None:
            return {}
        query = sa.select(urls.c.status, sa.func.count()).where(urls.c.source_id == source_id)
        with self._guarded:
            return dict(self._reader.execute(query.group_by(urls.c.status)).all())

    # Staging

    def _remember(self, row: UrlRow) -> UrlRow:
        """A page is asked about several times within seconds, and only one run writes a source."""
        if len(self._recent) >= _RECENT:
            self._recent = dict(self._staged)
        self._recent[row.source, row.id] = row
        return row

    def _stage(self, row: UrlRow) -> None:
        self._staged[row.source, row.id] = self._remember(row)
        if row.content_hash is not None:
            self._staged_hashes[row.source, row.content_hash] = row.id
        self.commit_due()

    def on_error(self, action: Callable[[StorageError], None]) -> None:
        """Told of each failure before it is raised: a crawl ends on it even where a caller is not in a position to."""
        self._on_error = action

    # Batches

    def before_commit(self, action: Callable[[], None]) -> None:
        """Run before each batch: the article files are synced here, so no row outlives its line in a power cut."""
        self._before_commit.append(action)

    def within_commit(self, write: Callable[[sa.Connection], None], written: Callable[[], None]) -> None:
        """Run `write` inside each batch's transaction, `written` once it holds: for other indexes of the articles."""
        self._within_commit.append(write)
        self._after_commit.append(written)

    def after_commit(self, action: Callable[[], None]) -> None:
        """Run after each batch that holds: its rows are in the database, and their lines are on the disk."""
        self._after_commit.append(action)

    def commit_due(self) -> None:
        """Commit what is staged, once it is BATCH_ROWS or the last batch is BATCH_SECONDS old."""
        if len(self._staged) >= BATCH_ROWS or (self._staged and time.monotonic() - self._committed_at > BATCH_SECONDS):
            self.commit()

    def commit(self) -> None:
        """Put the staged rows into the database, in one transaction; on StorageError they stay staged."""
        self._committed_at = time.monotonic()
        if not self._staged and not self._within_commit:
            return
        for action in self._before_commit:
            action()
        with self._guarded:
            rows = [
                to_database(row, self._names.intern_source(row.source), self._names.intern_file(row.source, row.file))
                for row in self._staged.values()
            ]
            with writing(self.engine) as connection:
                self._claims.check(connection)
                Direct(connection).change(_upsert, rows)
                for write in self._within_commit:
                    write(connection)
        self._staged.clear()
        self._staged_hashes.clear()
        for written in self._after_commit:
            written()

    def forget(self, source: str) -> None:
        """Drop the source's stored articles and the marks of its files, at once; what else is known of URLs stays.

        Where machines share the state, those of the others stay: they cannot be read in again here.
        """
        self.commit()
        self._recent.clear()
        source_id = self.source_number(source)
        ours: sa.ColumnElement[bool] = sa.true()
        if self.engine.dialect.name == "postgresql":
            ours = sa.or_(files.c.host.is_(None), files.c.host == self.host)
        theirs = sa.select(files.c.id).where(files.c.source_id == source_id, sa.not_(ours))
        is_ours = sa.or_(urls.c.file_id.is_(None), urls.c.file_id.not_in(theirs))
        with self._guarded, writing(self.engine) as connection:
            connection.execute(urls.delete().where(urls.c.source_id == source_id, urls.c.version > 0, is_ours))
            connection.execute(files.update().where(files.c.source_id == source_id, ours).values(indexed=False))
            # An unchanged listing would hide what is to be found anew.
            connection.execute(listings.delete().where(listings.c.source_id == source_id))

    def close(self) -> None:
        """Commit what is staged and let go of the database."""
        try:
            self.commit()
        finally:
            self._reader.close()
            self.engine.dispose()

    # The article files that the state has read in

    def host_of(self, file: str) -> str | None:
        """The machine that has a file, by its logical name; None where that was not said."""
        with self._guarded:
            return self._names.host_of(file)

    def forget_recent(self) -> None:
        """Another table of this database was changed under the rows that are remembered, none of which is staged."""
        self._recent.clear()

    def indexed_files(self, source: str) -> set[str]:
        """The logical names of the source's sealed files whose every line the state knows."""
        with self._guarded:
            return self._names.indexed_files(source)

    def mark_indexed(self, source: str, file: str) -> None:
        """Note, after a commit, that a sealed file needs no reading in again."""
        self.commit()
        with self._guarded:
            self._names.mark_indexed(source, file)

    # What was shipped

    def shipped_files(self, source: str) -> dict[str, Shipped]:
        """The source's files that are in the store, by logical name."""
        with self._guarded:
            return self._names.shipped_files(source)

    def mark_shipped(self, source: str, file: str, shipped: Shipped | None) -> None:
        """Note, at once, that a file is in the store, or (None) that it is not."""
        with self._guarded:
            self._names.mark_shipped(source, file, shipped)

    # Notes

    def note(self, key: str) -> str | None:
        """What was noted under a key."""
        with self._guarded:
            return cast(str | None, self._reader.scalar(sa.select(meta.c.value).where(meta.c.key == key)))

    def set_note(self, key: str, value: str) -> None:
        """Note something, at once."""
        statement = insert(self.engine, meta).values(key=key, value=value)
        with self._guarded, writing(self.engine) as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_={"value": value}))

    # The inside

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """What another table of this database is read through; what is staged is not in it."""
        with self._guarded:
            yield self._reader

    @contextmanager
    def changing(self) -> Iterator[sa.Connection]:
        """A transaction in which another table of this database is changed."""
        with self._guarded, writing(self.engine) as connection:
            yield connection

    def _tell(self, error: StorageError) -> None:
        if self._on_error is not None:
            self._on_error(error)

    def source_number(self, source: str) -> int | None:
        """The number that stands for a source in the rows; None when the state has never met it."""
        with self._guarded:
            return self._names.source_id(source)

    def given_number(self, source: str) -> int:
        """The number that stands for a source in the rows, given when it has none."""
        with self._guarded:
            return self._names.intern_source(source)
