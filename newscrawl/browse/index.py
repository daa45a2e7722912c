"""Bringing the index up to date with the files: only what is new is read, and a kill at any moment costs one batch.

How far a file was read is committed together with the rows that came from it. A file that was rewritten gives its rows
their new places; where rows have lost their line, and with it the text that taking them out would need, the index is
made anew. Several processes may do all this at once: who finds that another has made the index anew, or taken articles
out of it, begins again. Lines that a removal is about to take away are not taken in.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from newscrawl.browse.rows import Line, Rows
from newscrawl.browse.schema import FILE, begin_epoch, epoch_of, guarded, make_anew, open_writer, writing
from newscrawl.storage import StorageError
from newscrawl.storage.jsonl import logical_name, read_lines, sealed_files, sources
from newscrawl.storage.removal import Removal, under_way
from newscrawl.storage.rows import id_number

#: Lines that are committed together: FTS5 wants its rows in the order of their numbers, and a batch is sorted.
BATCH = 4096
# Bytes of new postings that FTS5 keeps before it writes a segment.
_POSTINGS = 32 << 20
# How often an index is begun again before somebody should look what goes on with its files.
_ATTEMPTS = 10


@dataclass(slots=True)
class Update:
    """What an update came to."""

    lines: int = 0
    files: int = 0
    anew: bool = False


class _LostError(Exception):
    """Rows have lost their line."""


class _OutdatedError(Exception):
    """Another process has begun an epoch: what was known of the index, or read for it, is no longer so."""


@dataclass(frozen=True, slots=True)
class _Epoch:
    """The index as one update knows it, until another process begins an epoch."""

    connection: sqlite3.Connection
    data_dir: Path
    name: str | None
    #: Articles that a removal is taking away.
    going: frozenset[int]

    @classmethod
    def now(cls, connection: sqlite3.Connection, data_dir: Path) -> _Epoch:
        """In this order: a removal is written down before it begins an epoch, and no longer when its lines are gone."""
        name = epoch_of(connection)
        return cls(connection, data_dir, name, frozenset(map(id_number, under_way(data_dir))))

    @contextmanager
    def changing(self) -> Iterator[None]:
        """A transaction; _OutdatedError where another epoch has begun."""
        with writing(self.connection):
            if epoch_of(self.connection) != self.name:
                raise _OutdatedError
            yield


def index_path(data_dir: Path) -> Path:
    """Where the index of a data directory lies."""
    return data_dir / FILE


def update(data_dir: Path, *, anew: bool = False, progress: Callable[[int], object] = lambda _: None) -> Update:
    """Takes in what is new in the files; StorageError. `progress` is told the number of lines read so far."""
    path = index_path(data_dir)
    connection = open_writer(path)
    done = Update(anew=anew)
    try:
        with guarded(path):
            connection.execute("INSERT INTO text (text, rank) VALUES ('hashsize', ?)", (_POSTINGS,))
            if anew:
                make_anew(connection)
            for _ in range(_ATTEMPTS):
                done.lines = done.files = 0
                try:
                    _take_in(connection, data_dir, done, progress)
                except _LostError:
                    make_anew(connection)
                    done.anew = True
                except _OutdatedError:
                    pass
                else:
                    return done
    finally:
        connection.close()
    raise StorageError(f"cannot bring {path} up to date: its files or other processes changed it {_ATTEMPTS} times")


def forget(data_dir: Path, ids: Iterable[str]) -> int:
    """Takes articles out, all their versions, before their lines go; how many lines. Nothing when there is no index.

    What FTS5 still holds of their words in older segments is merged away, which takes half a minute for a million.
    """
    path = index_path(data_dir)
    if not path.exists():
        return 0
    connection = open_writer(path)
    try:
        with guarded(path):
            connection.execute("PRAGMA secure_delete = ON")
            with writing(connection):
                begin_epoch(connection)
                rows = Rows(connection, data_dir)
                count = sum(rows.remove(id_number(id_)) for id_ in ids)
                rows.write()
                if count:
                    connection.execute("INSERT INTO text (text) VALUES ('optimize')")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
    return count


def on_forget(removal: Removal) -> None:
    """For ON_FORGET."""
    forget(removal.data_dir, removal.ids)


def _take_in(connection: sqlite3.Connection, data_dir: Path, done: Update, progress: Callable[[int], object]) -> None:
    paths = {
        logical_name(path, data_dir): path for source in sources(data_dir) for path in sealed_files(data_dir, source)
    }
    epoch = _Epoch.now(connection, data_dir)
    with epoch.changing():
        query = "SELECT name, n, size, changed, read, whole FROM file"
        known = {name: rest for name, *rest in connection.execute(query)}
        for name, (number, *_) in known.items():
            if name not in paths:
                _drop_file(connection, number)
    batch: list[tuple[str, int, bytes]] = []
    ends: dict[str, tuple[int, int, int, bool]] = {}
    for name, path in paths.items():
        try:
            status = path.stat()
        except FileNotFoundError:  # compressed or tidied away meanwhile: the next update meets its new name
            continue
        stamp = (status.st_size, status.st_mtime_ns)
        read = 0
        if name in known:
            number, size, changed, read, whole = known[name]
            if (size, changed) == stamp and whole:
                continue
            if (size, changed) != stamp:
                _place_again(epoch, number, path)
                read = 0  # lines that are known are met a second time and left as they are
        done.files += 1
        offset = 0
        for line in read_lines(path):
            start, offset = offset, offset + len(line)
            if start < read:
                continue
            batch.append((name, start, line))
            ends[name] = (*stamp, offset, False)
            if len(batch) >= BATCH:
                _commit(epoch, batch, ends)
                done.lines += len(batch)
                progress(done.lines)
                batch, ends = [], {}
        ends[name] = (*stamp, offset, True)
    if batch or ends:
        _commit(epoch, batch, ends)
        done.lines += len(batch)
        progress(done.lines)


def _commit(epoch: _Epoch, batch: list[tuple[str, int, bytes]], ends: dict[str, tuple[int, int, int, bool]]) -> None:
    """One transaction: the rows of some lines, and how far their files are read."""
    with epoch.changing():
        numbers = {}
        for name, (size, changed, read, whole) in ends.items():
            numbers[name] = epoch.connection.execute(
                "INSERT INTO file (name, size, changed, read, whole) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (name) DO UPDATE SET size = excluded.size, changed = excluded.changed,"
                " read = excluded.read, whole = excluded.whole RETURNING n",
                (name, size, changed, read, whole),
            ).fetchone()[0]
        rows = Rows(epoch.connection, epoch.data_dir)
        lines = (Line.read(line, numbers[name], offset) for name, offset, line in batch)
        try:
            rows.add(line for line in lines if line is not None and line.entry.id not in epoch.going)
        except StorageError as error:
            # A row gives way to its newer version and cannot read its own line: as good as lost.
            raise _LostError from error
        rows.write()


def _drop_file(connection: sqlite3.Connection, number: int) -> None:
    """A file that is gone: nothing is lost when all its articles were forgotten before."""
    for table in ("article", "older"):
        if connection.execute(f"SELECT 1 FROM {table} WHERE file = ? LIMIT 1", (number,)).fetchone():
            raise _LostError
    connection.execute("DELETE FROM file WHERE n = ?", (number,))


def _place_again(epoch: _Epoch, number: int, path: Path) -> None:
    """A file that was written anew or compressed: its rows get their new places, and it is read again from its start.

    _LostError when a row's line is gone or another.
    """
    rows = {
        (id_, source, version): (table, length, checksum)
        for table in ("article", "older")
        for id_, source, version, length, checksum in epoch.connection.execute(
            f"SELECT id, source.name, version, length, checksum FROM {table} AS row"
            " JOIN source ON source.n = row.source WHERE file = ?",
            (number,),
        )
    }
    places = []
    offset = 0
    for text in read_lines(path):
        start, offset = offset, offset + len(text)
        line = Line.read(text, number, start)
        if line is None:
            continue
        entry = line.entry
        row = rows.pop((entry.id, entry.source, entry.version), None)
        if row is not None:
            table, *same = row
            if same != [line.length, line.checksum]:
                raise _LostError
            places.append((table, start, entry))
    if rows:
        raise _LostError
    with epoch.changing():
        for table, start, entry in places:
            epoch.connection.execute(
                f"UPDATE {table} SET offset = ? WHERE id = ? AND version = ? AND file = ?"
                " AND source = (SELECT n FROM source WHERE name = ?)",
                (start, entry.id, entry.version, number, entry.source),
            )
        epoch.connection.execute("UPDATE file SET read = 0, whole = 0 WHERE n = ?", (number,))
