"""Whether the disk has room for a crawl: it is to end in order before the disk is full, not with half a line."""

from __future__ import annotations

import os
from pathlib import Path

from newscrawl.storage.errors import StorageError

#: Bytes: what a few sources write in minutes, and what other programs on the machine need to go on.
DISK_FREE_MIN = 500_000_000
_MB = 1_000_000


def lack_of_room(directory: Path, least: int) -> str | None:
    """A sentence where less than `least` bytes are free below a directory; None where there is room, or 0 is asked for.

    StorageError when the file system does not tell.
    """
    if not least:
        return None
    try:
        status = os.statvfs(directory)
    except OSError as error:
        raise StorageError.of(error, directory, "read") from error
    free = status.f_bavail * status.f_frsize
    if free >= least:
        return None
    return f"only {free / _MB:.0f} MB are free in {directory}, less than DISK_FREE_MIN ({least / _MB:.0f} MB)"
