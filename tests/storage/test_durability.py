"""What is put on the disk itself, and when: told by the calls to the kernel, not by those to our own functions."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newscrawl.items import Article
from newscrawl.storage import State, table
from newscrawl.storage.append import AppendFile, part_of, zstd_of
from newscrawl.storage.archive import heal_archive
from newscrawl.storage.jsonl import PartitionWriter, heal

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
Make = Callable[..., Article]


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """The inode and size of each regular file at the moment at which it was put on the disk."""
    calls: list[tuple[int, int]] = []
    for name in ("fsync", "fdatasync"):
        if real := getattr(os, name, None):

            def spy(fd: int, real: Callable[[int], None] = real) -> None:
                real(fd)
                about = os.fstat(fd)
                if stat.S_ISREG(about.st_mode):
                    calls.append((about.st_ino, about.st_size))

            monkeypatch.setattr(os, name, spy)
    return calls


def test_sync_puts_all_that_was_appended_on_the_disk(tmp_path: Path, synced: list[tuple[int, int]]) -> None:
    file = AppendFile(tmp_path / "a.jsonl")
    inode = part_of(file.path).stat().st_ino
    file.append(b"one\n")
    file.sync()
    assert synced == [(inode, 4)]
    file.sync()  # nothing new
    assert synced == [(inode, 4)]
    file.append(b"two\n")
    file.seal()
    assert synced == [(inode, 4), (inode, 8)]


def test_a_compressed_file_is_on_the_disk_before_the_plain_one_goes(
    tmp_path: Path, synced: list[tuple[int, int]]
) -> None:
    file = AppendFile(tmp_path / "a.jsonl")
    file.append(b"one\n" * 100)
    sealed = file.seal(compress=True)
    assert sealed == zstd_of(tmp_path / "a.jsonl")
    about = sealed.stat()
    assert (about.st_ino, about.st_size) in synced


def test_healed_files_are_on_the_disk(tmp_path: Path, make_article: Make, synced: list[tuple[int, int]]) -> None:
    writer = PartitionWriter(tmp_path, "paper", "20261122T120000Z-0001")
    name = writer.write(make_article(1))
    part = part_of(tmp_path / name)
    whole = part.stat().st_size
    with part.open("ab") as file:
        file.write(b'{"torn')
    synced.clear()
    (healed,) = heal(tmp_path)
    assert healed.stat().st_size == whole
    assert (healed.stat().st_ino, whole) in synced


def test_what_was_compressed_before_the_kill_is_not_compressed_again(tmp_path: Path, make_article: Make) -> None:
    """The plain file may have suffered since: the compressed one, which was whole, is left alone."""
    writer = PartitionWriter(tmp_path, "paper", "20261122T120000Z-0001", compress=True)
    name = writer.write(make_article(1))
    writer.seal()
    good = zstd_of(tmp_path / name)
    content = good.read_bytes()
    part_of(tmp_path / name).write_bytes(b'{"id": "0000000000000002"}\n')
    heal(tmp_path, compress=True)
    assert good.read_bytes() == content
    assert [path.name for path in good.parent.iterdir()] == [good.name]


@pytest.mark.parametrize("torn", [b"", b"\x1f", b"\x1f\x8b\x08\x00\x00\x00\x00\x00", b"garbage after"])
def test_a_healed_archive_ends_where_its_last_whole_record_does(tmp_path: Path, torn: bytes) -> None:
    import gzip

    whole = gzip.compress(b"WARC/1.1\r\n\r\n", mtime=0) + gzip.compress(b"WARC/1.1 again\r\n\r\n", mtime=0)
    directory = tmp_path / "archive" / "source=paper"
    directory.mkdir(parents=True)
    part = part_of(directory / "run-00000.warc.gz")
    part.write_bytes(whole + torn)
    (healed,) = heal_archive(tmp_path, "paper")
    assert healed.read_bytes() == whole


def test_more_rows_than_are_remembered_are_read_as_they_were_written(
    state_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that wait for their commit are not in the database: they must not be forgotten for newer ones."""
    monkeypatch.setattr(table, "_RECENT", 8)
    state = State(state_url)
    for number in range(30):
        state.discover(
            "paper", f"{number:016x}", f"https://paper.test/{number}", f"https://paper.test/{number}", now=NOW
        )
    for number in range(30):
        row = state.get("paper", f"{number:016x}")
        assert row is not None
        assert row.url == f"https://paper.test/{number}"
    assert state.get("paper", f"{31:016x}") is None
    state.close()


@pytest.mark.parametrize(("passed", "on_disk"), [(4.9, 0), (5.1, 2)])
def test_rows_wait_five_seconds_at_most(
    state_url: str, monkeypatch: pytest.MonkeyPatch, passed: float, on_disk: int
) -> None:
    """docs/storage.md: a power cut takes at most five seconds."""
    clock = [1000.0]
    monkeypatch.setattr(table.time, "monotonic", lambda: clock[0])
    state, reader = State(state_url), State(state_url)
    state.discover("paper", f"{1:016x}", "https://paper.test/1", "https://paper.test/1", now=NOW)
    clock[0] += passed
    state.discover("paper", f"{2:016x}", "https://paper.test/2", "https://paper.test/2", now=NOW)
    assert sum(reader.counts("paper").values()) == on_disk
    reader.close()
    state.close()
