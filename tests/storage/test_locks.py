"""Who holds a source or a file of one's own: the kernel says it, and errors are sentences."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from newscrawl.storage import StorageError
from newscrawl.storage.errors import HeldError
from newscrawl.storage.locks import SourceLock, held
from tests.descriptors import open_descriptors, without_standard_input


def test_a_source_is_held_until_it_is_released(tmp_path: Path) -> None:
    before = open_descriptors()
    lock = SourceLock(tmp_path / "new" / "data", "صحيفة/1", "run 7")
    with pytest.raises(HeldError, match=rf"run 7, process {os.getpid()}\)"):
        SourceLock(tmp_path / "new" / "data", "صحيفة/1", "run 8")
    SourceLock(tmp_path / "new" / "data", "another", "run 8").release()
    lock.release()
    lock.release()
    assert open_descriptors() == before
    SourceLock(tmp_path / "new" / "data", "صحيفة/1", "a").release()
    (kept,) = (tmp_path / "new" / "data" / "locks").glob("%*.lock")
    assert kept.read_text() == f"a, process {os.getpid()}\n"


def test_a_file_of_ones_own_is_free_afterwards(tmp_path: Path) -> None:
    path, before = tmp_path / "new" / "alerts", open_descriptors()
    with held(path), path.open("rb") as other, pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    with path.open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    assert open_descriptors() == before


def test_a_program_without_standard_input_gives_its_lock_back(tmp_path: Path) -> None:
    with without_standard_input():
        lock = SourceLock(tmp_path, "paper", "run")
        assert os.fstat(0).st_ino == (tmp_path / "locks" / "paper.lock").stat().st_ino
        lock.release()
        SourceLock(tmp_path, "paper", "run").release()


def source_lock(directory: Path) -> None:
    SourceLock(directory, "paper", "run").release()


def own_lock(directory: Path) -> None:
    with held(directory / "locks" / "paper.lock"):
        pass


@pytest.mark.parametrize("taken", [source_lock, own_lock])
def test_a_lock_that_cannot_be_made_is_a_sentence(tmp_path: Path, taken: Callable[[Path], None]) -> None:
    (tmp_path / "locks" / "paper.lock").mkdir(parents=True)
    before = open_descriptors()
    with pytest.raises(StorageError, match=r"cannot write .*paper\.lock: "):
        taken(tmp_path)
    assert open_descriptors() == before


@pytest.mark.parametrize(
    ("taken", "where", "name"),
    [(source_lock, fcntl, "flock"), (own_lock, fcntl, "flock"), (source_lock, os, "ftruncate"),
     (source_lock, os, "pwrite")],
)  # fmt: skip
def test_what_the_disk_refuses_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken: Callable[[Path], None], where: object, name: str
) -> None:
    """ENOLCK is what a network file system without locks says."""

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    before = open_descriptors()
    with monkeypatch.context() as patch:
        patch.setattr(where, name, refuse)
        with pytest.raises(StorageError, match=r"paper\.lock: no locks available"):
            taken(tmp_path)
    assert open_descriptors() == before
    taken(tmp_path)
