"""Open files of the process in which the tests run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def open_descriptors() -> set[str]:
    """The numbers of this process's open files."""
    return {path.name for path in Path("/dev/fd").iterdir() if path.exists()}


@contextmanager
def without_standard_input() -> Iterator[None]:
    """Descriptor 0 is free, as under some schedulers: the first file that is opened gets it."""
    kept = os.dup(0)
    os.close(0)
    try:
        yield
    finally:
        os.dup2(kept, 0)
        os.close(kept)
