"""The errors of this room: sentences that a person can act on."""

from __future__ import annotations

import errno
from pathlib import Path

_WHY = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the file system is read-only",
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.ENOTDIR: "a part of the path is not a directory",
    errno.EISDIR: "it is a directory",
    errno.ENAMETOOLONG: "the name is too long",
    errno.EMFILE: "too many open files",
    errno.EIO: "the disk reports an input/output error",
}


class StorageError(Exception):
    """Nothing more can be stored (or read back); str() is one clear sentence. What was stored stays valid."""

    @classmethod
    def of(cls, error: OSError, path: Path | str, doing: str = "write") -> StorageError:
        """The sentence for a failed system call on a path."""
        why = _WHY.get(error.errno or 0) or (error.strerror or str(error)).lower()
        return cls(f"cannot {doing} {path}: {why}")


class DamagedError(StorageError):
    """A compressed file whose bytes are no longer what was written, from some place on."""


#: What every HeldError says, also to a program that has but its sentence.
HELD = "is being written by another run"


class HeldError(StorageError):
    """Another run is writing the source now: try again later."""


#: What every UnreachableError says, likewise.
UNREACHABLE = "cannot reach the state"


class UnreachableError(StorageError):
    """The server that holds the state is gone, or was for a moment: try again when it answers."""
