"""Files that grow by whole records and survive a kill: `.<name>.part` while a run writes, `<name>` once sealed.

The dot keeps engines that are given a directory (Spark, pyarrow) from reading a torn line.

A record goes out in one write(2), so it is in the kernel (safe from `kill -9`) when append() returns; a write that
the disk refuses half-way is cut off again. sync() makes it safe from a power cut as well.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from backports import zstd

from newscrawl.storage.errors import StorageError

PART = ".part"
ZSTD = ".zst"
TEMPORARY = ".tmp"
_COPY = 1 << 20


def part_of(path: Path) -> Path:
    """The name under which a file grows."""
    return path.with_name(f".{path.name}{PART}")


def whole_of(part: Path) -> Path:
    """The name that a growing file gets when it is sealed; before 0.2 growing files had no dot."""
    return part.with_name(part.name.removeprefix(".").removesuffix(PART))


def zstd_of(path: Path) -> Path:
    """The name of the file once compressed."""
    return path.with_name(path.name + ZSTD)


def sync_directory(directory: Path) -> None:
    """Make the names in a directory (new, renamed, removed) survive a power cut."""
    fd = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def make_directory(directory: Path, *, private: bool = False) -> None:
    """mkdir -p whose result survives a power cut, the last one closed to others where it is `private`; StorageError
    when refused."""
    try:
        missing = [d for d in (directory, *directory.parents) if not d.exists()]
        directory.mkdir(0o700 if private else 0o777, parents=True, exist_ok=True)
        for made in missing:
            sync_directory(made.parent)
    except OSError as error:
        raise StorageError.of(error, directory, "create") from error


def sync_data(descriptor: int) -> None:
    """Put a file's content on the disk itself: fdatasync, or fsync where a system (macOS) has none; OSError."""
    getattr(os, "fdatasync", os.fsync)(descriptor)


def write_whole(path: Path, content: bytes, *, private: bool = False) -> None:
    """Put a small file in its place, whole or not at all, so that a power cut leaves the old or the new one.

    The directory is made when it is missing. StorageError when refused, and then nothing is left behind.
    """
    make_directory(path.parent)
    partial = path.with_name(f".{path.name}{TEMPORARY}")
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600 if private else 0o644)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        partial.replace(path)
        sync_directory(path.parent)
    except OSError as error:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise StorageError.of(error, path) from error


class AppendFile:
    """One file being written by one run."""

    def __init__(self, path: Path, *, private: bool = False) -> None:
        """Creates the growing file, which only its owner may read where it is `private`; StorageError when the
        directory refuses or a file of that name exists."""
        self.path = path
        self.size = 0
        self._began = time.monotonic()
        self._dirty = False
        make_directory(path.parent, private=private)
        try:
            mode = 0o600 if private else 0o644
            self._fd = os.open(part_of(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, mode)
            sync_directory(path.parent)
        except OSError as error:
            raise StorageError.of(error, part_of(path), "create") from error

    @property
    def age(self) -> float:
        """Seconds since it was begun."""
        return time.monotonic() - self._began

    def append(self, record: bytes) -> int:
        """Write one whole record; its offset in bytes. On StorageError the file ends where it ended before."""
        offset = self.size
        try:
            written = 0
            while written < len(record):
                written += os.write(self._fd, record[written:] if written else record)
        except OSError as error:
            os.ftruncate(self._fd, offset)
            raise StorageError.of(error, part_of(self.path)) from error
        self.size += len(record)
        self._dirty = True
        return offset

    def sync(self) -> None:
        """Put everything appended so far on the disk itself."""
        if not self._dirty:
            return
        try:
            sync_data(self._fd)
        except OSError as error:
            raise StorageError.of(error, part_of(self.path)) from error
        self._dirty = False

    def seal(self, *, compress: bool = False) -> Path | None:
        """Sync, close and give the file its final name, which is returned; an empty file is removed (None)."""
        try:
            self.sync()
        finally:
            self.close()
        return seal(part_of(self.path), compress=compress)

    def close(self) -> None:
        """Give up the file as it is; the next run's healing finds it."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def seal(part: Path, *, compress: bool = False) -> Path | None:
    """Rename a synced `.part` to its final name, compressing on the way if asked; an empty one is removed."""
    path = whole_of(part)
    try:
        if part.stat().st_size == 0:
            part.unlink()
            return None
        if compress:
            _compress(part, zstd_of(path))
            part.unlink()
            path = zstd_of(path)
        else:
            part.rename(path)
        sync_directory(path.parent)
    except OSError as error:
        raise StorageError.of(error, path) from error
    return path


def _compress(source: Path, target: Path) -> None:
    with source.open("rb") as plain:
        write_blocks(target, iter(lambda: plain.read(_COPY), b""))


def write_blocks(target: Path, blocks: Iterable[bytes]) -> None:
    """Write a file of any size, compressed if its name says so; it appears whole or not at all. OSError."""
    growing = target.with_name(f".{target.name}{TEMPORARY}")
    options = {int(zstd.CompressionParameter.compression_level): 9, int(zstd.CompressionParameter.checksum_flag): 1}
    try:
        with growing.open("wb") as raw:
            if target.suffix == ZSTD:
                with zstd.ZstdFile(raw, "wb", options=options) as packed:
                    packed.writelines(blocks)
            else:
                raw.writelines(blocks)
            raw.flush()
            os.fsync(raw.fileno())
        growing.replace(target)
    except BaseException:
        with suppress(OSError):
            growing.unlink(missing_ok=True)
        raise
