"""Putting an export where it was asked for: it is made beside that place, and appears whole."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newscrawl.storage import StorageError
from newscrawl.storage.append import make_directory, sync_directory

_PREFIX = ".export-"


@contextmanager
def scratch(target: Path) -> Iterator[Path]:
    """A path beside a target, of its name, for what is being made; what is left there in the end is removed."""
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=_PREFIX) as directory:
        yield Path(directory) / target.name


def new_directory(target: Path) -> Path:
    """A directory that is to be made, links followed. StorageError where something is there that would be lost."""
    target = target.resolve()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise StorageError(f"cannot write {target}: it is there already; name a directory that is new or empty")
    return target


def publish(part: Path, target: Path) -> None:
    """Moves a finished file to its place, or the files of a finished directory, each to its place below `target`.

    OSError; called again after that, or after a kill, it goes on where it was.
    """
    if part.is_dir():
        for path in sorted(part.rglob("*")):
            if path.is_file():
                _move(path, target / path.relative_to(part))
        shutil.rmtree(part)
    elif part.exists():
        _move(part, target)


def sync(part: Path) -> None:
    """Makes a file, or all files of a directory, safe from a power cut, names included."""
    for path in part.rglob("*") if part.is_dir() else [part]:
        if path.is_dir():
            sync_directory(path)
        elif path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
    if part.is_dir():
        sync_directory(part)
    sync_directory(part.parent)


def _move(path: Path, target: Path) -> None:
    make_directory(target.parent)
    path.replace(target)
    sync_directory(target.parent)
