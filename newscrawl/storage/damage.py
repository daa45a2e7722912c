"""Lines that are no stored articles: named, set aside into `rejected/`, and never a reason to keep a source shut."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Container, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from newscrawl.items import Article
from newscrawl.storage.append import write_whole
from newscrawl.storage.archive import heal_archive
from newscrawl.storage.errors import StorageError
from newscrawl.storage.forgotten import Ledger
from newscrawl.storage.jsonl import (
    ARTICLES,
    REJECTED,
    SUFFIX,
    heal,
    logical_name,
    parse_line,
    read_lines,
    source_directory,
)
from newscrawl.storage.rewriting import rewrite

logger = logging.getLogger(__name__)

_ID = re.compile("[0-9a-f]{16}")
_HASH = re.compile("[0-9a-f]{32}")
_MOST_VERSIONS = 1 << 31
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
