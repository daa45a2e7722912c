"""The ledger of removed articles: `forgotten.jsonl` in the data directory, one line of proof an article, no text of it.

It outlives the state, so that what was removed is never stored again. Each line names the files that were rewritten or
overwritten, for whoever keeps copies of sealed files elsewhere; a file of that list that is gone held nothing else.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from newscrawl.storage.append import make_directory, sync_directory
from newscrawl.storage.errors import StorageError
from newscrawl.storage.locks import held

LEDGER = "forgotten.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """One removed article: what it was known by, why and when (ISO 8601 UTC) it went, and what was done.

    `aliases` are other ids of the same source under which the same article was met, `hashes` the content hashes of its
    versions: neither gives its text back. `lines`, `rejected` and `archived` count lines of articles and of rejected
    articles, and archived records (responses, requests). `files` are logical names in the data directory.
    """

    id: str
    source: str
    reason: str
    at: str
    versions: list[int] = field(default_factory=list)
    lines: int = 0
    rejected: int = 0
    archived: int = 0
    files: list[str] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    hashes: list[str] = field(default_factory=list)

    @property
    def ids(self) -> tuple[str, ...]:
        """All ids that the article is known by."""
        return (self.id, *self.aliases)

    @classmethod
    def of(cls, record: Any) -> Forgotten:
        """What a line says, also one of a newer newscrawl. TypeError for what is no such line."""
        known = {each.name for each in fields(cls)}
        if not isinstance(record, dict) or not isinstance(record.get("id"), str):
            raise TypeError("it names no article")
        return cls(**{name: value for name, value in record.items() if name in known})


class Ledger:
    """All that was removed from a data directory."""

    def __init__(self, entries: Iterable[Forgotten] = ()) -> None:
        self.entries = {entry.id: entry for entry in entries}
        self._ids = {id_: entry for entry in self.entries.values() for id_ in entry.ids}
        self._hashes = {(entry.source, hash_) for entry in self.entries.values() for hash_ in entry.hashes}

    def __contains__(self, id_: object) -> bool:
        """Whether an id is that of a removed article, or an alias of one."""
        return id_ in self._ids

    def __bool__(self) -> bool:
        return bool(self.entries)

    def entry(self, id_: str) -> Forgotten | None:
        """The proof of a removed article, by its id or an alias."""
        return self._ids.get(id_)

    def has_text(self, source: str, content_hash: str | None) -> bool:
        """Whether a source's article with this text was removed."""
        return (source, content_hash) in self._hashes

    def of_source(self, source: str) -> Iterator[tuple[str, str]]:
        """Id and reason of each id that is not to come back to a source."""
        return ((id_, entry.reason) for id_, entry in self._ids.items() if entry.source == source)


def read_ledger(data_dir: Path) -> Ledger:
    """The ledger of a data directory; empty where there is none. StorageError when it cannot be read or is damaged:
    what it does not tell would be stored again."""
    path = data_dir / LEDGER
    try:
        status = path.stat()
    except FileNotFoundError:
        return Ledger()
    except OSError as error:
        raise StorageError.of(error, path, "read") from error
    return _read(path, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: Path, size: int, changed: int) -> Ledger:  # noqa: ARG001 (they say whether it is the file of before)
    """Once for all the sources of a process."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise StorageError.of(error, path, "read") from error
    # A torn last line is of a removal that was cut off and is taken up again.
    whole = content[: content.rfind(b"\n") + 1]
    entries = []
    for number, line in enumerate(whole.splitlines(), 1):
        try:
            entries.append(Forgotten.of(json.loads(line)))
        except (TypeError, ValueError) as error:
            raise StorageError(f"{path}, line {number} is no removed article ({error}); restore the file") from error
    return Ledger(entries)


def note_forgotten(data_dir: Path, entries: Iterable[Forgotten]) -> None:
    """Add lines of proof, as far as they are not there, safe from a power cut on return. StorageError."""
    path = data_dir / LEDGER
    make_directory(data_dir)
    with held(data_dir / "locks" / f"{LEDGER}.lock"):
        known = read_ledger(data_dir).entries
        lines = [
            json.dumps(asdict(entry), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
            for entry in entries
            if entry.id not in known
        ]
        try:
            with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "rb+") as file:
                content = file.read()
                file.seek(content.rfind(b"\n") + 1)
                file.truncate()
                file.writelines(lines)
                file.flush()
                os.fsync(file.fileno())
            sync_directory(data_dir)
        except OSError as error:
            raise StorageError.of(error, path) from error
