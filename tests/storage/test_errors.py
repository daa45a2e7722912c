"""What a failed system call is told as."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from newscrawl.storage.errors import StorageError


def failed(number: int) -> OSError:
    return OSError(number, os.strerror(number), "/data/x")


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (failed(errno.ENOSPC), "the disk is full"),
        (failed(errno.EPERM), "permission denied"),
        # One that has no words of its own here.
        (failed(errno.ENXIO), "no such device or address"),
        # Raised by a library, without a number.
        (OSError("Compressed data ended early"), "compressed data ended early"),
    ],
)
def test_it_is_said_what_was_done_to_which_path_and_why_not(error: OSError, why: str) -> None:
    assert str(StorageError.of(error, Path("/data/x"), "read")) == f"cannot read /data/x: {why}"
    assert str(StorageError.of(error, "/data/x")) == f"cannot write /data/x: {why}"
