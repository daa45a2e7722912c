"""Sealed files to an object store; their local copies away, in a later round, once they are surely there.

A file goes up under the name that it has in the data directory, in one request that the store refuses where there is
an object already: a kill leaves it there or not there, and the next round finds out. Nothing in the store is ever
overwritten, but for files that the ledger of forgotten articles names.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from newscrawl.storage.append import ZSTD, sync_directory
from newscrawl.storage.archive import ARCHIVE
from newscrawl.storage.archive import SUFFIX as WARC
from newscrawl.storage.errors import StorageError
from newscrawl.storage.forgotten import read_ledger
from newscrawl.storage.jsonl import ARTICLES, REJECTED, SUFFIX, locate, logical_name, source_of
from newscrawl.storage.locations import data_directory, state_url
from newscrawl.storage.names import Shipped
from newscrawl.storage.objects import Store
from newscrawl.storage.places import object_store
from newscrawl.storage.state import State

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

logger = logging.getLogger(__name__)

RUNS = "runs"
# What is spoken of before what speaks of it: an article names its archive.
_OF_SOURCES = (ARCHIVE, ARTICLES, REJECTED)
_ENDINGS = (SUFFIX, f"{SUFFIX}{ZSTD}", WARC)
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Sealed:
    """A file that no run will change: `key` is its place below the data directory and below the store, `name` the one
    that the state knows it by, `changed` when it got this content, in seconds since 1970."""

    path: Path
    key: str
    name: str
    source: str
    size: int
    changed: float

    def is_in_store(self, known: dict[str, Shipped]) -> bool:
        """Whether the state says that the store has this content; rewritten since, it has not."""
        shipped = known.get(self.name)
        return shipped is not None and shipped.size == self.size and self.changed < shipped.at


@dataclass(slots=True)
class Round:
    """What a round came to. `replaced` counts objects that are there no more as they were, because an article was
    forgotten; `conflicts` names in a sentence each what the store holds otherwise."""

    shipped: int = 0
    size: int = 0
    there: int = 0
    replaced: int = 0
    conflicts: list[str] = field(default_factory=list)


class Shipping:
    """Of one data directory into one store; several may work side by side. StorageError when store, state or disk
    refuse: what was shipped until then is known, and the next round goes on."""

    def __init__(self, data_dir: Path, state: State, store: Store) -> None:
        self._data_dir = data_dir
        self._state = state
        self._store = store

    def waiting(self, sources: Collection[str] | None = None) -> Iterator[Sealed]:
        """The sealed files that are not in the store, of some sources or of all."""
        for source, files in self._by_source(sources):
            known = self._state.shipped_files(source)
            yield from (file for file in files if not file.is_in_store(known))

    def ship(self, sources: Collection[str] | None = None) -> Round:
        """Puts up what waits."""
        done = Round()
        for file in self.waiting(sources):
            # Before the file is opened: what is rewritten from here on counts as changed. The state keeps whole
            # seconds, so the one in which a file was sealed must be over, or a change in it would pass for the seal.
            time.sleep(max(0.0, min(1.0, int(file.changed) + 1 - time.time())))
            at = int(time.time())
            try:
                is_there = self._put(file, done)
            except OSError as error:
                raise StorageError.of(error, file.path, "read") from error
            if is_there:
                self._state.mark_shipped(file.source, file.name, Shipped(file.size, at))
            else:
                address = self._store.address(file.key)
                done.conflicts.append(f"{address} is there with another content than {file.path}; neither was changed")
        self._take_away_emptied(sources, done)
        return done

    def _take_away_emptied(self, sources: Collection[str] | None, done: Round) -> None:
        """A file of which nothing was left has no place in the store either. One that was shipped after its article was
        forgotten is gone from here for its age."""
        for entry in read_ledger(self._data_dir).entries.values():
            if sources is not None and entry.source not in sources:
                continue
            known = self._state.shipped_files(entry.source)
            when = datetime.fromisoformat(entry.at).timestamp()
            for name in entry.files:
                if name in known and known[name].at <= when and locate(name, self._data_dir) is None:
                    for key in (name, f"{name}{ZSTD}"):
                        self._store.delete(key)
                    self._state.mark_shipped(entry.source, name, None)
                    done.replaced += 1

    def _put(self, file: Sealed, done: Round) -> bool:
        if self._store.create(file.key, file.path):
            done.shipped += 1
            done.size += file.size
        elif self._holds(file, trusting=False):
            done.there += 1
        elif any(file.name in entry.files for entry in read_ledger(self._data_dir).entries.values()):
            self._store.replace(file.key, file.path)
            done.replaced += 1
        else:
            return False
        return True

    def _holds(self, file: Sealed, *, trusting: bool) -> bool:
        """Whether the store's object is this file, to the byte; `trusting` where a store that tells no MD5 need not be
        read, because the file was once put there."""
        entry = self._store.head(file.key)
        if entry is None or entry.size != file.size:
            return False
        if entry.md5 is None and trusting:
            return True
        return entry.md5 == _md5(file.path) or self._reads_the_same(file)

    def _reads_the_same(self, file: Sealed) -> bool:
        """Tags that look like an MD5 may be something else, where the store encrypts."""
        with file.path.open("rb") as ours, self._store.open(file.key) as theirs:
            while block := ours.read(_BLOCK):
                if theirs.read(len(block)) != block:
                    return False
            return not theirs.read(1)

    def removable(self, before: float, sources: Collection[str] | None = None) -> Iterator[Sealed]:
        """The local copies that were shipped before a moment, in seconds since 1970. Runs stay: they are small, and
        the report reads them. So do articles that the state has not taken in."""
        for source, files in self._by_source(sources):
            known = self._state.shipped_files(source)
            indexed = self._state.indexed_files(source)
            for file in files:
                kind = file.key.partition("/")[0]
                if kind == RUNS or (kind == ARTICLES and file.name not in indexed):
                    continue
                if file.is_in_store(known) and known[file.name].at <= before:
                    yield file

    def remove(self, before: float, sources: Collection[str] | None = None) -> int:
        """Takes local copies away that were shipped before a moment, each after asking the store for it once more; how
        many.

        What the store has lost counts as not shipped, and goes up again.
        """
        removed = 0
        for file in list(self.removable(before, sources)):
            try:
                if self._holds(file, trusting=True):
                    file.path.unlink()
                    sync_directory(file.path.parent)
                    removed += 1
                    continue
            except OSError as error:
                raise StorageError.of(error, file.path, "remove") from error
            logger.warning("%s is not what was shipped; the local copy stays", self._store.address(file.key))
            self._state.mark_shipped(file.source, file.name, None)
        return removed

    def _by_source(self, sources: Collection[str] | None) -> Iterator[tuple[str, list[Sealed]]]:
        found: dict[str, list[Sealed]] = {}
        for file in shippable(self._data_dir):
            if sources is None or file.source in sources:
                found.setdefault(file.source, []).append(file)
        yield from sorted(found.items())


@contextmanager
def shipping(settings: BaseSettings) -> Iterator[Shipping]:
    """From DATA_DIR into STORE_URL, which must be given; StorageError when state or store cannot be opened."""
    store = object_store(settings)
    assert store is not None
    state = State(state_url(settings), host=settings.get("HOST_NAME"))
    try:
        yield Shipping(data_directory(settings), state, store)
    finally:
        state.close()


def shippable(data_dir: Path) -> Iterator[Sealed]:
    """The sealed files of a data directory: archives, articles, what was rejected, and runs. OSError."""
    for kind in _OF_SOURCES:
        for path in sorted((data_dir / kind).rglob("*")):
            source = source_of(path.relative_to(data_dir))
            if source is not None and path.name.endswith(_ENDINGS) and not path.name.startswith("."):
                yield from _sealed(path, data_dir, source)
    for path in sorted((data_dir / RUNS).glob("*.json")):
        source = _source_of_run(path)
        if source is None:
            logger.warning("%s is no summary of a run and is not shipped", path)
        else:
            yield from _sealed(path, data_dir, source)


def _sealed(path: Path, data_dir: Path, source: str) -> Iterable[Sealed]:
    try:
        status = path.stat()
    except FileNotFoundError:  # removed since the directory was listed
        return
    key = path.relative_to(data_dir).as_posix()
    # The change of the inode: a file that takes another's place keeps the time at which it was written.
    yield Sealed(path, key, logical_name(path, data_dir), source, status.st_size, status.st_ctime)


def _source_of_run(path: Path) -> str | None:
    try:
        source = json.loads(path.read_bytes())["source"]
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return source if isinstance(source, str) else None


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
