"""An export appears whole, is on the disk before it is noted as made, and takes nothing's place unasked."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from newscrawl.exports import cursor as cursor_room
from newscrawl.exports.cursor import Cursor
from newscrawl.exports.publish import new_directory, publish, scratch, sync
from newscrawl.storage import StorageError


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The inodes of what was put on the disk itself."""
    calls: list[int] = []
    real: Callable[[int], None] = os.fsync

    def spy(fd: int) -> None:
        real(fd)
        calls.append(os.fstat(fd).st_ino)

    monkeypatch.setattr(os, "fsync", spy)
    return calls


def made(directory: Path) -> list[Path]:
    """A finished export: a directory with files in it and below, and all that is to be on the disk of it."""
    below = directory / "month=2026-11"
    below.mkdir(parents=True)
    files = [directory / "README.md", below / "part-0.parquet"]
    for path in files:
        path.write_bytes(b"x")
    return [*files, below, directory]


def test_a_directory_is_on_the_disk_with_all_its_files_and_names(tmp_path: Path, synced: list[int]) -> None:
    parts = made(tmp_path / "part")
    sync(tmp_path / "part")
    assert sorted(synced) == sorted(path.stat().st_ino for path in [*parts, tmp_path])


def test_a_file_is_on_the_disk_with_its_name(tmp_path: Path, synced: list[int]) -> None:
    (tmp_path / "part.csv").write_bytes(b"x")
    sync(tmp_path / "part.csv")
    assert sorted(synced) == sorted(path.stat().st_ino for path in (tmp_path / "part.csv", tmp_path))


def test_its_new_name_is_on_the_disk_as_well(tmp_path: Path, synced: list[int]) -> None:
    (tmp_path / "part.csv").write_bytes(b"new")
    (tmp_path / "out.csv").write_bytes(b"old")
    publish(tmp_path / "part.csv", tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_bytes() == b"new"
    assert synced == [tmp_path.stat().st_ino]


def test_a_directory_is_added_to_file_by_file_and_again_after_a_kill(tmp_path: Path) -> None:
    made(tmp_path / "part")
    out = tmp_path / "out"
    (out / "month=2026-10").mkdir(parents=True)
    (out / "month=2026-10" / "part-0.parquet").write_bytes(b"before")
    # The kill came behind the first file.
    (tmp_path / "part" / "README.md").rename(out / "README.md")
    publish(tmp_path / "part", out)
    publish(tmp_path / "part", out)
    assert sorted(path.relative_to(out).as_posix() for path in out.rglob("*.*")) == [
        "README.md",
        "month=2026-10/part-0.parquet",
        "month=2026-11/part-0.parquet",
    ]
    assert not (tmp_path / "part").exists()


def test_it_is_on_the_disk_before_the_note_and_noted_before_it_moves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In any other order a power cut would lose what is noted as taken, or a kill export it twice."""
    steps: list[tuple[str, int, int]] = []
    with Cursor(tmp_path, "nightly", "all articles") as cursor:

        def noted() -> tuple[int, int]:
            (taken,), (settled,) = (
                cursor._database.execute(f"SELECT count(*) FROM {what}").fetchone()
                for what in ("taken", "export WHERE settled")
            )
            return taken, settled

        def tell(name: str, real: Callable[..., None]) -> Callable[..., None]:
            def told(*paths: Path) -> None:
                steps.append((name, *noted()))
                real(*paths)

            return told

        monkeypatch.setattr(cursor_room, "sync", tell("sync", sync))
        monkeypatch.setattr(cursor_room, "publish", tell("publish", publish))
        part = cursor.scratch(tmp_path / "out.csv")
        part.write_bytes(b"x")
        cursor.settle(part, tmp_path / "out.csv", ["a.jsonl"], 1)
        assert steps == [("sync", 0, 0), ("publish", 1, 0)]
        assert noted() == (1, 1)
        # SQLite's own word for a note that a power cut does not take back.
        assert cursor._database.execute("PRAGMA synchronous").fetchone() == (2,)


@pytest.mark.parametrize("what", ["file", "full"])
def test_what_is_there_is_not_lost(tmp_path: Path, what: str) -> None:
    target = tmp_path / "out"
    if what == "full":
        target.mkdir()
        (target / "mine").write_bytes(b"x")
    else:
        target.write_bytes(b"x")
    with pytest.raises(StorageError, match="is there already; name a directory that is new or empty"):
        new_directory(target)


def test_an_empty_directory_will_do(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert new_directory(tmp_path / "out") == (tmp_path / "out").resolve()
    assert new_directory(tmp_path / "new") == (tmp_path / "new").resolve()


def test_what_was_begun_and_not_finished_leaves_nothing(tmp_path: Path) -> None:
    with scratch(tmp_path / "out.csv") as part:
        part.write_bytes(b"half")
        assert (part.name, part.parent.parent) == ("out.csv", tmp_path)
    assert list(tmp_path.iterdir()) == []
