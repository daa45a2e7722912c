"""Lines that are no stored articles, and compressed files that are broken: named, set aside into `rejected/`, and never
a reason to keep a source shut."""

from __future__ import annotations

import json
import logging
import os
import re
from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import Any

from backports import zstd

from newscrawl.items import Article
from newscrawl.storage.append import ZSTD, make_directory, sync_directory, write_blocks, write_whole
from newscrawl.storage.archive import heal_archive
from newscrawl.storage.errors import DamagedError, StorageError
from newscrawl.storage.forgotten import Ledger
from newscrawl.storage.jsonl import (
    ARTICLES,
    REJECTED,
    SUFFIX,
    heal,
    logical_name,
    parse_line,
    read_lines,
    read_records,
    source_directory,
)
from newscrawl.storage.objects import Place
from newscrawl.storage.reconcile import make_due
from newscrawl.storage.rewriting import rewrite
from newscrawl.storage.state import State

logger = logging.getLogger(__name__)

#: Makes the hash of a record's text anew, as it is made when the record is stored.
HashOf = Callable[[dict[str, Any]], str]

_ID = re.compile("[0-9a-f]{16}")
_HASH = re.compile("[0-9a-f]{32}")
_MOST_VERSIONS = 1 << 31
_STEP = 4096  # bytes that are unpacked at once: what comes before the damage is not lost with it
#: The end of the name under which a broken file is kept among the rejected of its source; nothing reads it.
DAMAGED = ".damaged"
_TEXTS = ("url", "title", "body", "fetched_at", "first_seen_at", "published_at", "content_hash")


def complaint(line: bytes) -> str | None:
    """Why a line is no stored article, in a few words; None where it is one."""
    record = parse_line(line)
    if record is None:
        return "no whole JSON object"
    return _complaint_of(record) or (None if _is_text(line) else "half a character in it")


def _complaint_of(record: dict[str, Any]) -> str | None:
    id_, version, hash_ = record.get("id"), record.get("version"), record.get("content_hash")
    if not isinstance(id_, str) or not _ID.fullmatch(id_):
        return "no id of 16 hex digits"
    if not isinstance(version, int) or isinstance(version, bool) or not 0 < version < _MOST_VERSIONS:
        return "no version, or none that can be"
    if not record.get("url"):
        return "no url"
    for name in _TEXTS:
        if not isinstance(record.get(name), str | None):
            return f"{name} is no text"
    if hash_ is not None and not _HASH.fullmatch(hash_):
        return "content_hash is not 32 hex digits"
    if not isinstance(record.get("provenance"), dict | None):
        return "provenance is no object"
    try:
        Article.from_dict(record)
    except (TypeError, AttributeError):
        return "a value of the wrong kind"
    return None


def _is_text(line: bytes) -> bool:
    """Whether no string holds half of a character, which no file and no database takes."""
    if b"\\ud" not in line.lower():
        return True
    try:
        json.dumps(json.loads(line), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def heal_source(data_dir: Path, source: str, *, compress: bool = False) -> None:
    """Seal what dead runs of a source left, as `jsonl.heal` and `heal_archive` do; damaged lines are set aside.

    For a caller that holds the source. StorageError.
    """

    def aside(part: Path, lines: list[tuple[int, bytes, str]]) -> None:
        set_aside(data_dir, source, logical_name(part, data_dir), lines)

    heal(source_directory(data_dir, ARTICLES, source), compress=compress, aside=aside)
    heal(source_directory(data_dir, REJECTED, source))
    heal_archive(data_dir, source)


def sift(data_dir: Path, source: str, paths: Iterable[Path], forgotten: Ledger) -> None:
    """Take out of sealed files what is no stored article, which is set aside, and what was removed on request.

    For a caller that holds the source. StorageError when a file cannot be read or written.
    """
    for path in paths:
        name = logical_name(path, data_dir)
        damaged = [(number, line, why) for number, line in enumerate(read_lines(path), 1) if (why := complaint(line))]
        if not damaged and not forgotten:
            continue
        set_aside(data_dir, source, name, damaged)
        returned = rewrite(path, partial(_is_kept, damaged={line for _, line, _ in damaged}, forgotten=forgotten))
        if returned > len(damaged):
            logger.warning("%s: took out %d lines of articles that were removed", name, returned - len(damaged))


def _is_kept(line: bytes, damaged: Container[bytes], forgotten: Ledger) -> bool:
    if line in damaged:
        return False
    record = parse_line(line)
    return record is None or record.get("id") not in forgotten


def salvage(
    state: State, data_dir: Path, source: str, paths: Iterable[Path], content_hash: HashOf | None = None
) -> int:
    """Keep of broken compressed files the lines that are surely as they were, under their names, and each file as it
    is aside; how many articles were lost with them, and are due again.

    Of a file that was cut these are all whole lines. Of one whose bytes were changed, they are those from the first on
    whose hash `content_hash` makes anew; without it none, for a wrong letter in whole JSON looks like a right one.
    For a caller that holds the source. StorageError.
    """
    lost = 0
    for path in paths:
        if path.suffix != ZSTD:
            continue
        try:
            deque(read_lines(path), maxlen=0)
        except DamagedError as error:
            lost += _salvage(state, data_dir, source, path, str(error), content_hash)
    return lost


def _salvage(state: State, data_dir: Path, source: str, path: Path, why: str, content_hash: HashOf | None) -> int:
    name = logical_name(path, data_dir)
    day, _, run = name.rpartition("/")
    aside = source_directory(data_dir, REJECTED, source) / f"{run}-{day.rpartition('=')[2]}{DAMAGED}"
    make_directory(aside.parent)
    try:
        with suppress(FileExistsError):  # of a salvage that was killed
            os.link(path, aside)
        kept: dict[str, int] = {}
        lines = 0
        for line in _sound_lines(path, content_hash):
            lines += 1
            if complaint(line) is None and (record := parse_line(line)) is not None:
                kept[record["id"]] = max(record["version"], kept.get(record["id"], 0))
        # The rows first: a salvage that is killed behind this begins anew.
        due = make_due(state, source, [name], now=datetime.now(UTC), kept=kept)
        if lines:
            write_blocks(path, _sound_lines(path, content_hash))
        else:
            path.unlink()
        sync_directory(path.parent)
    except OSError as error:
        raise StorageError.of(error, path, "heal") from error
    said = "%s; %d lines were kept, %d articles that it has lost are due again, the broken file is %s"
    logger.warning(said, why, lines, due, aside)
    return due


def _sound_lines(path: Path, content_hash: HashOf | None) -> Iterator[bytes]:
    """The lines of a broken file that are surely as they were."""
    try:
        deque(_unpacked(path), maxlen=0)
    except zstd.ZstdError:
        if content_hash is not None:
            with suppress(zstd.ZstdError):
                yield from takewhile(partial(_is_vouched_for, content_hash=content_hash), _unpacked(path))
    else:
        yield from _unpacked(path)


def _unpacked(path: Path) -> Iterator[bytes]:
    """All whole lines that come out of a compressed file, to the damage; ZstdError where that is more than a cut."""
    unpacking = zstd.ZstdDecompressor()
    rest = b""
    with path.open("rb") as file:
        while not unpacking.eof and (block := file.read(_STEP)):
            *lines, rest = (rest + unpacking.decompress(block)).split(b"\n")
            yield from (line + b"\n" for line in lines)


def _is_vouched_for(line: bytes, content_hash: HashOf) -> bool:
    record = parse_line(line)
    return record is not None and complaint(line) is None and record.get("content_hash") == content_hash(record)


def sound_records(places: Iterable[Place]) -> Iterator[dict[str, Any]]:
    """The stored articles of files and objects, in order. What is damaged in an object, which is never rewritten, is
    passed over with a warning; on the disk sift() has been there before, and what is damaged is a StorageError."""
    for place in places:
        if isinstance(place, Path):
            yield from read_records([place])
            continue
        try:
            for number, line in enumerate(read_lines(place), 1):
                if (why := complaint(line)) is not None:
                    logger.warning("%s, line %d: %s; passed over", place, number, why)
                elif (record := parse_line(line)) is not None:
                    yield record
        except DamagedError as error:
            logger.warning("%s; what lies behind the damage was not read", error)


def set_aside(data_dir: Path, source: str, name: str, damaged: list[tuple[int, bytes, str]]) -> None:
    """Keep damaged lines of a file (number, bytes, why) among the rejected of its source, each once. StorageError."""
    if not damaged:
        return
    day, _, run = name.removesuffix(SUFFIX).rpartition("/")
    target = source_directory(data_dir, REJECTED, source) / f"{run}-{day.rpartition('=')[2]}-damaged{SUFFIX}"
    # What a kill left set aside already comes from the same file again.
    kept = dict.fromkeys(_kept(target))
    at = datetime.now(UTC).isoformat(timespec="seconds")
    texts = {json.loads(line).get("line") for line in kept}
    for number, line, why in damaged:
        logger.warning("%s, line %d (%d bytes): %s; set aside in %s", name, number, len(line), why, target)
        text = line.decode("utf-8", "backslashreplace")
        if text not in texts:
            record = {"reason": f"damaged: {why}", "at": at, "file": name, "number": number, "line": text}
            kept[json.dumps(record).encode() + b"\n"] = None
    write_whole(target, b"".join(kept))


def _kept(target: Path) -> Iterator[bytes]:
    try:
        with target.open("rb") as file:
            yield from (line for line in file if parse_line(line) is not None)
    except FileNotFoundError:
        return
    except OSError as error:
        raise StorageError.of(error, target, "read") from error
