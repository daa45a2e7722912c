"""What need not be kept for ever: summaries of runs, raw responses, rejected articles. Articles are never touched."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from newscrawl.storage.append import PART, sync_directory
from newscrawl.storage.archive import ARCHIVE
from newscrawl.storage.archive import SUFFIX as WARC
from newscrawl.storage.errors import HeldError, StorageError
from newscrawl.storage.jsonl import REJECTED, SUFFIX, logical_name, source_of
from newscrawl.storage.locks import SourceLock

RUNS = "runs"
KINDS = (RUNS, ARCHIVE, REJECTED)
_PATTERNS = {RUNS: "*.json", ARCHIVE: f"source=*/*{WARC}", REJECTED: f"source=*/*{SUFFIX}*"}
_RUN = re.compile(r"(\d{8}T\d{6})Z-")


@dataclass(slots=True)
class Pruned:
    """Files and bytes that went (or would go) by kind, and how many of the files the object store has, where they stay;
    sources that a run is writing, of which nothing went."""

    files: Counter[str] = field(default_factory=Counter)
    bytes: Counter[str] = field(default_factory=Counter)
    shipped: Counter[str] = field(default_factory=Counter)
    busy: list[str] = field(default_factory=list)


def prune(
    data_dir: Path,
    before: Mapping[str, datetime],
    *,
    holder: str,
    dry_run: bool = False,
    shipped: Container[str] = frozenset(),
) -> Pruned:
    """Remove the sealed files of each kind in `before` that are older than its moment (aware). StorageError. `shipped`
    are the logical names of what the object store has.

    A file is as old as the run that its name tells, or as its last change where that is earlier. What a live run is
    writing, and other files of its source, stay. A kill leaves whole files, of which the next call removes the rest.
    """
    done = Pruned()
    by_source: dict[str | None, list[tuple[str, Path]]] = {}
    for kind, moment in before.items():
        for path in _old_files(data_dir, kind, moment):
            by_source.setdefault(source_of(path.relative_to(data_dir)), []).append((kind, path))
    for source, found in sorted(by_source.items(), key=lambda item: item[0] or ""):
        try:
            lock = SourceLock(data_dir, source, holder) if source is not None and not dry_run else None
        except HeldError:
            done.busy.append(source or "")
            continue
        try:
            for kind, path in found:
                if _remove(path, kind, done, dry_run=dry_run):
                    done.shipped[kind] += logical_name(path, data_dir) in shipped
        finally:
            if lock is not None:
                lock.release()
    return done


def _old_files(data_dir: Path, kind: str, moment: datetime) -> Iterator[Path]:
    for path in sorted((data_dir / kind).glob(_PATTERNS[kind])):
        if not path.name.startswith(".") and path.suffix != PART and path.is_file() and _age(path) < moment:
            yield path


def _age(path: Path) -> datetime:
    try:
        changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError as error:
        raise StorageError.of(error, path, "read") from error
    named = _RUN.match(path.name)
    try:
        begun = datetime.strptime(named[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC) if named else changed
    except ValueError:
        begun = changed
    return min(begun, changed)


def _remove(path: Path, kind: str, done: Pruned, *, dry_run: bool) -> bool:
    try:
        size = path.stat().st_size
        if not dry_run:
            path.unlink()
            sync_directory(path.parent)
    except FileNotFoundError:  # another one prunes, too
        return False
    except OSError as error:
        raise StorageError.of(error, path, "remove") from error
    done.files[kind] += 1
    done.bytes[kind] += size
    return True
