"""Do the state and the files agree, and how the state is made anew: the files are the truth."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from newscrawl.program import program
from newscrawl.storage.append import PART
from newscrawl.storage.damage import HashOf, complaint, heal_source, salvage, sift
from newscrawl.storage.database import guarded, sqlite_path
from newscrawl.storage.errors import DamagedError, HeldError, StorageError
from newscrawl.storage.findings import Audit
from newscrawl.storage.forgotten import Ledger, read_ledger
from newscrawl.storage.index import index_source
from newscrawl.storage.jsonl import (
    ARTICLES,
    locate,
    logical_name,
    parse_line,
    read_lines,
    sealed_files,
    source_directory,
)
from newscrawl.storage.locks import SourceLock
from newscrawl.storage.objects import Place, Store
from newscrawl.storage.places import all_sources, article_files
from newscrawl.storage.removal import Told, journal_of, take_out, take_up
from newscrawl.storage.rows import id_number, id_text
from newscrawl.storage.schema import files, sources, urls
from newscrawl.storage.state import State

_PAGE = 1000


def known_sources(state: State, data_dir: Path, store: Store | None = None) -> set[str]:
    """All sources that the files, the store or the state know. StorageError."""
    with state.reading() as connection:
        return {*connection.scalars(sa.select(sources.c.name)), *all_sources(data_dir, store)}


@contextmanager
def holding(state: State, data_dir: Path, source: str) -> Iterator[None]:
    """Hold a source as a run does, against runs here and on other machines; HeldError when one has it."""
    lock = SourceLock(data_dir, source, f"{program()} state")
    try:
        state.claim(source)
        try:
            yield
        finally:
            state.release(source)
    finally:
        lock.release()


def check_source(
    state: State,
    data_dir: Path,
    source: str,
    audit: Audit,
    *,
    content_hash: HashOf | None = None,
    store: Store | None = None,
) -> None:
    """Compare one source's files, those that lie in a store alone among them, with its rows; memory stays flat.

    `content_hash` makes a line's hash anew, where the state's hashes were made so; without it they are the lines'.
    """
    try:
        with holding(state, data_dir, source):
            for part in source_directory(data_dir, ARTICLES, source).rglob(f"*{PART}"):
                audit.found("unsealed", logical_name(part, data_dir))
            if journal_of(data_dir, source).exists():
                audit.found("unfinished", source)
            places = article_files(data_dir, source, store)
            stored = _read_files(state, places, source, audit, content_hash, read_ledger(data_dir))
            _compare(state, source, stored, audit, data_dir, has_store=store is not None)
    except HeldError:
        audit.found("busy", source)


def _read_files(
    state: State, places: dict[str, Place], source: str, audit: Audit, content_hash: HashOf | None, forgotten: Ledger
) -> sqlite3.Connection:
    """Every stored line's key, in an unnamed SQLite database that spills to disk when it grows.

    A line `waits` when the state does not know it and need not: its file is still to be read in.
    """
    scratch = sqlite3.connect("")
    scratch.execute(
        "CREATE TABLE lines (id INTEGER, version INTEGER, hash TEXT, waits INTEGER, PRIMARY KEY (id, version))"
        " WITHOUT ROWID"
    )
    indexed = state.indexed_files(source)
    for name, place in places.items():
        unread = name not in indexed
        if unread:
            audit.found("unread", name)
        for number, record in _numbered_records(name, place, audit):
            audit.articles += 1
            id_, version = record["id"], record["version"]
            if id_ in forgotten:
                audit.found("returned", f"{id_} version {version} in {name}, line {number}")
                continue
            row = state.get(source, id_) if unread else None
            waits = unread and (row is None or row.version < version)
            hash_ = record.get("content_hash") if content_hash is None else content_hash(record)
            key = (id_number(id_), version, hash_, waits)
            if scratch.execute("INSERT OR IGNORE INTO lines VALUES (?, ?, ?, ?)", key).rowcount == 0:
                audit.found("twice", f"{id_} version {version} in {name}")
    return scratch


def _numbered_records(name: str, place: Place, audit: Audit) -> Iterator[tuple[int, dict[str, Any]]]:
    """The stored articles of a file with the numbers of their lines; what is none is damage."""
    try:
        for number, line in enumerate(read_lines(place), 1):
            record = parse_line(line)
            if record is None or complaint(line) is not None:
                audit.found("damaged", f"{name}, line {number}")
            else:
                yield number, record
    except DamagedError as error:
        audit.found("damaged", str(error))


def _compare(
    state: State, source: str, scratch: sqlite3.Connection, audit: Audit, data_dir: Path, *, has_store: bool
) -> None:
    """Both sides come in the order of ids, like the two halves of a zip. Without a store what was shipped may lie
    elsewhere than in the data directory."""
    # With a bare max(), SQLite takes the other columns from the row that has it.
    latest = scratch.execute("SELECT id, max(version), hash FROM lines WHERE NOT waits GROUP BY id ORDER BY id")
    line = latest.fetchone()
    for row in _stored_rows(state, source):
        audit.rows += 1
        while line is not None and line[0] < row.id:
            audit.found("unknown", f"{id_text(line[0])} version {line[1]} of {source}")
            line = latest.fetchone()
        if line is None or line[0] > row.id or line[1] < row.version:
            if _is_remote(row, state, data_dir):
                audit.hosts[row.host] += 1
            else:
                kind = _where(row, data_dir, has_store=has_store)
                audit.found(kind, f"{id_text(row.id)} version {row.version} of {source}")
        elif line[1] > row.version:
            audit.found("unknown", f"{id_text(line[0])} version {line[1]} of {source}")
        elif line[2] != (bytes(row.content_hash).hex() if row.content_hash is not None else None):
            audit.found("differs", f"{id_text(row.id)} version {row.version} of {source}")
        elif _is_remote(row, state, data_dir):
            audit.found("twice", f"{id_text(row.id)} version {row.version} of {source}, here and on {row.host}")
        if line is not None and line[0] == row.id:
            line = latest.fetchone()
    while line is not None:
        audit.found("unknown", f"{id_text(line[0])} version {line[1]} of {source}")
        line = latest.fetchone()


def _stored_rows(state: State, source: str) -> Iterator[Any]:
    source_id = state.source_number(source)
    last = -(2**63)
    first = True
    with guarded(state.name), state.engine.connect() as connection:
        while source_id is not None:
            after = urls.c.id >= last if first else urls.c.id > last
            columns = (urls.c.id, urls.c.version, urls.c.content_hash, files.c.name, files.c.host, files.c.shipped_at)
            query = (
                sa.select(*columns)
                .outerjoin(files, files.c.id == urls.c.file_id)
                .where(urls.c.source_id == source_id, urls.c.version > 0, after)
            )
            page = connection.execute(query.order_by(urls.c.id).limit(_PAGE)).all()
            yield from page
            if len(page) < _PAGE:
                return
            last, first = page[-1].id, False


def _is_remote(row: Any, state: State, data_dir: Path) -> bool:
    """Whether an article lies on the disk of another machine that shares the state, and nowhere else."""
    return (
        state.engine.dialect.name == "postgresql"
        and row.host not in (None, state.host)
        and row.shipped_at is None
        and locate(row.name, data_dir) is None
    )


def _where(row: Any, data_dir: Path, *, has_store: bool) -> str:
    """What is to be said of an article of which no line was found."""
    if row.name is not None and not row.name.startswith(f"{ARTICLES}/"):
        return "elsewhere"
    is_shipped = not has_store and row.shipped_at is not None and locate(row.name, data_dir) is None
    return "shipped" if is_shipped else "missing"


def rebuild_source(
    state: State,
    data_dir: Path,
    source: str,
    *,
    store: Store | None = None,
    content_hash: HashOf | None = None,
    also: Callable[[list[Place]], None] | None = None,
    on_forget: Sequence[Told] = (),
) -> None:
    """Heal the source's files, forget its stored articles and read them all in again.

    `also` takes the files into another index of the articles, `on_forget` is told of a removal that was cut off and is
    finished here. What is pending, failed, gone, removed or an alias stays.
    Interrupted, it is taken up by the next crawl or rebuild: no file is marked before every index has it, and files
    that are not marked are read in. StorageError when a run is writing the source.
    """
    with holding(state, data_dir, source):
        _refuse_blind(state, data_dir, source, store)
        salvage(state, data_dir, source, sealed_files(data_dir, source), content_hash)
        heal_source(data_dir, source)
        take_up(state, data_dir, source, on_forget)
        take_out(data_dir, source)
        sift(data_dir, source, sealed_files(data_dir, source), Ledger())
        state.forget(source)
        read = index_source(state, data_dir, source, store=store, content_hash=content_hash, mark=False)
        if also is not None:
            also(list(read.values()))
        for name in read:
            state.mark_indexed(source, name)


def reindex(
    state: State, data_dir: Path, source: str, *, store: Store | None = None, content_hash: HashOf | None = None
) -> None:
    """Forget the stored articles and read them in again, for a caller that holds the source; the files are healed."""
    _refuse_blind(state, data_dir, source, store)
    state.forget(source)
    index_source(state, data_dir, source, store=store, content_hash=content_hash)


def _refuse_blind(state: State, data_dir: Path, source: str, store: Store | None) -> None:
    """StorageError when articles would be forgotten that nobody could read in again."""
    if store is not None:
        return
    for name in state.shipped_files(source):
        if name.startswith(f"{ARTICLES}/") and locate(name, data_dir) is None:
            raise StorageError(f"{name} lies in the object store alone and is to be read in again; set STORE_URL")


def set_aside(url: str) -> Path | None:
    """Rename a damaged SQLite state (with its side files) out of the way; its new name."""
    path = sqlite_path(url)
    if path is None or not path.exists():
        return None
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    aside = path.with_name(f"{path.name}.damaged-{stamp}")
    try:
        # The journal first: a kill must not leave it to the new file, into which SQLite would play it.
        for suffix in ("-wal", "-shm", ""):
            part = path.with_name(path.name + suffix)
            if part.exists():
                part.rename(aside.with_name(aside.name + suffix))
    except OSError as error:
        raise StorageError.of(error, path, "rename") from error
    return aside
