"""The corpus: JSON Lines in Hive partitions, `articles/source=<s>/date=<day stored, UTC>/<run>.jsonl`.

While a run writes, the file is `.<run>.jsonl.part`; sealed it is `<run>.jsonl` or, compressed, `<run>.jsonl.zst`. A
run that lasts seals every SEAL_AFTER seconds and goes on in `<run>_0001.jsonl`.
`rejected/source=<s>/<run>.jsonl` holds what failed validation, with the reason.
"""

from __future__ import annotations

import io
import json
import logging
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from backports import zstd

from newscrawl.items import Article
from newscrawl.storage.append import PART, TEMPORARY, ZSTD, AppendFile, part_of, seal, whole_of, write_blocks, zstd_of
from newscrawl.storage.errors import DamagedError, StorageError
from newscrawl.storage.objects import ObjectFile, Place, is_remote, open_place, place_of, places_below

logger = logging.getLogger(__name__)

ARTICLES = "articles"
REJECTED = "rejected"
SUFFIX = ".jsonl"
#: Seconds after which a growing file is sealed: what a lost disk may cost where sealed files are shipped.
SEAL_AFTER = 900.0


def source_directory(data_dir: Path, kind: str, source: str) -> Path:
    """Where one source's files lie; the name is percent-encoded as Hive does."""
    return data_dir / kind / f"source={quote(source, safe='')}"


def source_of(place: Place) -> str | None:
    """The source named by a file's partition."""
    named = (part.removeprefix("source=") for part in place.parts if part.startswith("source="))
    return next((unquote(name) for name in named), None)


def logical_name(path: Path, data_dir: Path) -> str:
    """A file's name in the state and in `locate`: relative, without `.part` or `.zst`."""
    whole = whole_of(path) if path.suffix == PART else path
    return whole.relative_to(data_dir).as_posix().removesuffix(ZSTD)


def locate(name: str, data_dir: Path) -> Path | None:
    """The file that now bears a logical name: sealed, compressed or still growing."""
    path = data_dir / name
    old_part = path.with_name(path.name + PART)
    return next((p for p in (path, zstd_of(path), part_of(path), old_part) if p.exists()), None)


def sources(data_dir: Path) -> list[str]:
    """The sources that have articles in a data directory, sorted."""
    return sorted({source for path in (data_dir / ARTICLES).glob("source=*") if (source := source_of(path))})


def sealed_files(data_dir: Path, source: str, kind: str = ARTICLES) -> list[Path]:
    """A source's sealed files, oldest day and run first."""
    directory = source_directory(data_dir, kind, source)
    found = (path for pattern in (f"*{SUFFIX}", f"*{SUFFIX}{ZSTD}") for path in directory.rglob(pattern))
    return sorted(found)


def numbered(run_id: str, number: int) -> str:
    """The name of a run's n-th file in a directory; sorted by name they stand in order."""
    return f"{run_id}_{number:04d}{SUFFIX}" if number else f"{run_id}{SUFFIX}"


class PartitionWriter:
    """A run's articles of one source; a file is sealed when the day ends, when the run ends, and in between when it is
    `seal_after` seconds old (0: it may grow as old as it will)."""

    def __init__(
        self,
        data_dir: Path,
        source: str,
        run_id: str,
        *,
        compress: bool = False,
        seal_after: float = 0,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self._data_dir = data_dir
        self._directory = source_directory(data_dir, ARTICLES, source)
        self._run_id = run_id
        self._compress = compress
        self._seal_after = seal_after
        self._clock = clock or (lambda: datetime.now(UTC))
        self._day = ""
        self._file: AppendFile | None = None
        self._name = ""
        self._number = 0
        self.sealed: list[Path] = []

    def write(self, article: Article) -> str:
        """Store one article; safe from a kill on return. The logical name of its file; StorageError when refused."""
        line = article.to_json().encode() + b"\n"
        day = self._clock().astimezone(UTC).date().isoformat()
        self._seal_when_old()
        if self._file is None or day > self._day:
            self.seal()
            # A clock that was set back must not reopen the name of a sealed file.
            self._number = 0 if day > self._day else self._number + 1
            self._day = max(day, self._day)
            self._file = AppendFile(self._directory / f"date={self._day}" / numbered(self._run_id, self._number))
            self._name = logical_name(self._file.path, self._data_dir)
        self._file.append(line)
        return self._name

    def sync(self) -> None:
        """Put the lines on the disk itself, safe from a power cut; a file that is old enough is sealed."""
        self._seal_when_old()
        if self._file is not None:
            self._file.sync()

    def _seal_when_old(self) -> None:
        if self._file is not None and 0 < self._seal_after <= self._file.age:
            self.seal()

    def seal(self) -> None:
        """Close the open file under its final name; what cannot be sealed is left to the next run's healing."""
        file, self._file = self._file, None
        if file is not None and (path := file.seal(compress=self._compress)):
            self.sealed.append(path)


class RejectedWriter:
    """What failed validation in a run of one source: {"reason", "at", "article"} a line; sealed as articles are."""

    def __init__(self, data_dir: Path, source: str, run_id: str, *, seal_after: float = 0) -> None:
        self._directory = source_directory(data_dir, REJECTED, source)
        self._run_id = run_id
        self._seal_after = seal_after
        self._number = 0
        self._file: AppendFile | None = None

    def write(self, article: Article, reason: str, *, now: datetime) -> None:
        """Keep one refused article with its reason; StorageError when the disk refuses."""
        if self._file is not None and 0 < self._seal_after <= self._file.age:
            self.seal()
            self._number += 1
        if self._file is None:
            self._file = AppendFile(self._directory / numbered(self._run_id, self._number))
        at = now.astimezone(UTC).isoformat(timespec="seconds")
        record = {"reason": reason, "at": at, "article": article.to_dict()}
        self._file.append(json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")

    def seal(self) -> None:
        """Close the file under its final name."""
        file, self._file = self._file, None
        if file is not None:
            file.seal()


def read_lines(place: Place) -> Iterator[bytes]:
    """The raw lines of a file or an object, compressed or not, each with its newline (a torn last one without).

    StorageError when it cannot be read, DamagedError where its compression is broken.
    """
    try:
        with open_place(place) as file:
            if place.suffix == ZSTD:
                with zstd.open(file, "rb") as packed:
                    yield from io.BufferedReader(packed, 1 << 18)
            else:
                yield from file
    except (zstd.ZstdError, EOFError) as error:
        raise DamagedError(f"cannot read {place}: {error}") from error
    except OSError as error:
        raise StorageError.of(error, str(place), "read") from error


def parse_line(line: bytes) -> dict[str, Any] | None:
    """The record of one whole line; None when it is torn or damaged."""
    if not line.endswith(b"\n"):
        return None
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def read_records(places: Iterable[Place]) -> Iterator[dict[str, Any]]:
    """The records of files, in order; StorageError names the first line that is none."""
    return (record for _, _, record in _placed_records(places))


def _placed_records(places: Iterable[Place]) -> Iterator[tuple[Place, int, dict[str, Any]]]:
    """Each record with its file and the number of its line."""
    for place in places:
        for number, line in enumerate(read_lines(place), 1):
            record = parse_line(line)
            if record is None:
                # The file of a live run may end in a line that is just being written.
                if place.suffix == PART and not line.endswith(b"\n"):
                    break
                raise StorageError(f"{place}, line {number} is not a whole JSON object")
            yield place, number, record


def read_articles(paths: Iterable[str | Place]) -> Iterator[Article]:
    """The articles of files, in order; StorageError names the first line that is none.

    A string may be the address of an object ("s3://corpus/articles/…/x.jsonl"), or, ending in a slash, of all files of
    articles below it.
    """
    for place, number, record in _placed_records(place for path in paths for place in _places(path)):
        try:
            yield Article.from_dict(record)
        except TypeError as error:
            why = "it has no id, or a value of the wrong kind"
            raise StorageError(f"{place}, line {number} is no article: {why}") from error


def _places(path: str | Place) -> Iterable[Place]:
    if isinstance(path, str) and is_remote(path) and path.endswith("/"):
        return lines_below(path)
    return (place_of(path),)


def lines_below(url: str, options: Mapping[str, str] | None = None) -> list[ObjectFile]:
    """The files of JSON Lines below an address that ends in a slash; StorageError when there is none."""
    found = [place for place in places_below(url, options) if place.name.endswith((SUFFIX, f"{SUFFIX}{ZSTD}"))]
    if not found:
        raise StorageError(f"there are no files of JSON Lines below {url}")
    return found


#: Told of lines that stand damaged between whole ones: the growing file, and number, bytes and reason of each.
Aside = Callable[[Path, list[tuple[int, bytes, str]]], object]


def heal(directory: Path, *, compress: bool = False, aside: Aside = lambda _part, _lines: None) -> list[Path]:
    """Seal every `.part` that dead runs left below a directory; the sealed files.

    A torn last line is cut off and whole lines are kept; damaged ones go, and `aside` gets them before. Only for a
    caller that holds the source's lock.
    """
    healed = []
    for leftover in directory.rglob(f"*{SUFFIX}*{TEMPORARY}"):
        leftover.unlink()
    for part in sorted(directory.rglob(f"*{SUFFIX}{PART}")):
        path = whole_of(part)
        try:
            if zstd_of(path).exists():  # killed after compressing, before the plain file was removed
                part.unlink()
                continue
            _keep_whole_lines(part, aside)
            sealed = seal(part, compress=compress)
        except OSError as error:
            raise StorageError.of(error, part, "heal") from error
        if sealed is not None:
            healed.append(sealed)
    return healed


def _keep_whole_lines(part: Path, aside: Aside) -> None:
    damaged: list[tuple[int, bytes, str]] = []
    torn = b""
    for number, line in enumerate(read_lines(part), 1):
        if not line.endswith(b"\n"):
            torn = line
        elif parse_line(line) is None:
            damaged.append((number, line, "no whole JSON object"))
    if torn:
        logger.warning("%s: cut off %d bytes of a torn last line%s", part, len(torn), _begun_article(torn))
    if damaged:  # blocks that a power cut left as zeros, say: what is whole on both sides is kept
        aside(part, damaged)
        size = sum(len(line) for _, line, _ in damaged)
        logger.warning("%s: left out %d damaged lines (%d bytes)", part, len(damaged), size)
        write_blocks(part, (line for line in read_lines(part) if parse_line(line) is not None))
    with part.open("rb+") as file:
        if torn and not damaged:
            file.truncate(part.stat().st_size - len(torn))
        os.fsync(file.fileno())


def _begun_article(torn: bytes) -> str:
    """Which article a torn line was of: it was on its way, and is fetched again."""
    found = re.search(rb'"id":\s*"([0-9a-f]{16})"', torn)
    return f", of the article {found[1].decode()}, which is fetched again" if found else ""
