"""One run at a time may write one source into one data directory.

The lock is the kernel's (flock), so a killed run frees it at once and nothing stale is ever left; the file's text
only says who holds it.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from newscrawl.storage.append import make_directory
from newscrawl.storage.errors import HELD, HeldError, StorageError


class SourceLock:
    """Held from construction to release()."""

    def __init__(self, data_dir: Path, source: str, holder: str) -> None:
        """HeldError when another live run holds the source, StorageError when the directory is not writable."""
        path = data_dir / "locks" / f"{quote(source, safe='')}.lock"
        make_directory(path.parent)
        try:
            self._fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise StorageError.of(error, path) from error
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            who = os.pread(self._fd, 200, 0).decode("utf-8", "replace").strip()
            self.release()
            raise HeldError(f"{source} {HELD} ({who}) in {data_dir}") from None
        except OSError as error:
            self.release()
            raise StorageError.of(error, path, "lock") from error
        try:
            os.ftruncate(self._fd, 0)
            os.pwrite(self._fd, f"{holder}, process {os.getpid()}\n".encode(), 0)
        except OSError as error:
            self.release()
            raise StorageError.of(error, path) from error

    def release(self) -> None:
        """Let the next run in; safe to call twice."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


@contextmanager
def held(path: Path) -> Iterator[None]:
    """A lock file of one's own, waited for as long as another process has it; StorageError when it cannot be made."""
    make_directory(path.parent)
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise StorageError.of(error, path) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        except OSError as error:
            raise StorageError.of(error, path, "lock") from error
        yield
    finally:
        os.close(descriptor)
