"""Stored lines read again by where they stand."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from backports import zstd

from newscrawl.storage import StorageError
from newscrawl.storage.append import ZSTD
from newscrawl.storage.jsonl import locate, parse_line


def read_line(data_dir: Path, name: str, offset: int, length: int) -> bytes:
    """The bytes at a place in a file (of its text, when it is compressed); StorageError when they are not there."""
    path = locate(name, data_dir)
    if path is None:
        raise StorageError(f"{data_dir / name} is gone; bring the index up to date")
    try:
        if path.suffix == ZSTD:
            return _unpacked(path, path.stat().st_mtime_ns)[offset : offset + length]
        with path.open("rb") as file:
            file.seek(offset)
            return file.read(length)
    except OSError as error:
        raise StorageError.of(error, path, "read") from error
    except (zstd.ZstdError, EOFError) as error:
        raise StorageError(f"cannot read {path}: {error}") from error


# A page of hits, and more so an export, comes back to the same few files again and again.
@lru_cache(maxsize=8)
def _unpacked(path: Path, changed: int) -> bytes:  # noqa: ARG001
    with zstd.open(path, "rb") as file:
        text = file.read()
    assert isinstance(text, bytes)
    return text


def read_record(data_dir: Path, name: str, offset: int, length: int) -> dict[str, Any]:
    """The record at a place; StorageError when there is none any more."""
    record = parse_line(read_line(data_dir, name, offset, length))
    if record is None:
        raise StorageError(f"{data_dir / name} has changed; bring the index up to date")
    return record
