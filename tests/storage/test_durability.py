"""What is put on the disk itself, and when: told by the calls to the kernel, not by those to our own functions."""

from __future__ import annotations

import gzip
import json
import os
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newscrawl.items import Article
from newscrawl.storage import State, StorageError, table
from newscrawl.storage.append import AppendFile, make_directory, part_of, write_whole, zstd_of
from newscrawl.storage.archive import heal_archive
from newscrawl.storage.jsonl import PartitionWriter, heal, read_records
from newscrawl.storage.locks import SourceLock, held
from newscrawl.storage.pruning import prune
from tests.descriptors import open_descriptors, without_standard_input

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


@pytest.fixture
def synced_directories(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The inode of each directory whose names were put on the disk."""
    calls: list[int] = []
    real = os.fsync

    def spy(fd: int) -> None:
        real(fd)
        about = os.fstat(fd)
        if stat.S_ISDIR(about.st_mode):
            calls.append(about.st_ino)

    monkeypatch.setattr(os, "fsync", spy)
    return calls


def test_a_new_directory_is_in_its_parent_after_a_power_cut(tmp_path: Path, synced_directories: list[int]) -> None:
    made = tmp_path / "articles" / "source=paper" / "date=2026-11-22"
    make_directory(made)
    parents = [tmp_path, tmp_path / "articles", tmp_path / "articles" / "source=paper"]
    assert sorted(synced_directories) == sorted(parent.stat().st_ino for parent in parents)
    synced_directories.clear()
    make_directory(made)  # nothing is new
    assert synced_directories == []


def test_new_names_are_on_the_disk(tmp_path: Path, synced_directories: list[int]) -> None:
    """Of a file that is begun, one that is sealed, one that is compressed, and a small one that is written whole."""
    here = tmp_path.stat().st_ino
    file = AppendFile(tmp_path / "a.jsonl")
    assert synced_directories == [here]
    file.append(b"one\n")
    file.seal()
    assert synced_directories == [here] * 2
    packed = AppendFile(tmp_path / "b.jsonl")
    packed.append(b"one\n")
    packed.seal(compress=True)
    assert synced_directories == [here] * 4
    write_whole(tmp_path / "note.json", b"{}")
    assert synced_directories == [here] * 5


def test_what_was_pruned_does_not_come_back(tmp_path: Path, synced_directories: list[int]) -> None:
    runs = tmp_path / "runs"
    runs.mkdir()
    (runs / "20260101T000000Z-a.json").write_bytes(b"{}")
    prune(tmp_path, {"runs": NOW}, holder="test", dry_run=True)
    assert synced_directories == []
    prune(tmp_path, {"runs": NOW}, holder="test")
    assert (list(runs.iterdir()), synced_directories) == ([], [runs.stat().st_ino])


def test_a_small_file_is_on_the_disk_before_it_takes_the_old_ones_place(
    tmp_path: Path, synced: list[tuple[int, int]]
) -> None:
    path = tmp_path / "note.json"
    path.write_bytes(b"old")
    write_whole(path, b"the new content")
    about = path.stat()
    assert (about.st_ino, len(b"the new content")) in synced


def test_a_healed_archive_is_on_the_disk_before_it_is_sealed(tmp_path: Path, synced: list[tuple[int, int]]) -> None:
    part = tmp_path / "archive" / "source=paper" / ".run-00000.warc.gz.part"
    part.parent.mkdir(parents=True)
    whole = gzip.compress(b"a record")
    part.write_bytes(whole + gzip.compress(b"another")[:-3])
    number = part.stat().st_ino
    assert [path.name for path in heal_archive(tmp_path, "paper")] == ["run-00000.warc.gz"]
    assert (number, len(whole)) in synced


def test_a_long_run_does_not_run_out_of_open_files(tmp_path: Path) -> None:
    before = open_descriptors()
    for number in range(5):
        file = AppendFile(tmp_path / f"{number}.jsonl")
        file.append(b"one\n")
        file.seal(compress=number % 2 == 0)
    assert open_descriptors() == before


def test_a_file_that_is_closed_twice_closes_nobody_elses(tmp_path: Path) -> None:
    file = AppendFile(tmp_path / "a.jsonl")
    file.close()
    with (tmp_path / "other").open("wb"):
        before = open_descriptors()
        file.close()
        assert open_descriptors() == before


def test_a_program_without_standard_input_closes_its_files(tmp_path: Path) -> None:
    with without_standard_input():
        file = AppendFile(tmp_path / "a.jsonl")
        assert os.fstat(0).st_ino == part_of(file.path).stat().st_ino
        file.close()
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(0)


def test_others_may_read_the_corpus_and_not_change_it(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        AppendFile(tmp_path / "articles" / "a.jsonl").close()
        AppendFile(tmp_path / "archive" / "a.warc.gz", private=True).close()
        write_whole(tmp_path / "runs" / "note.json", b"{}")
        write_whole(tmp_path / "runs" / "password", b"x", private=True)
        SourceLock(tmp_path, "paper", "run").release()
        with held(tmp_path / "locks" / "alerts"):
            pass
    finally:
        os.umask(before)
    modes = {path.relative_to(tmp_path).as_posix(): stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*")}
    assert modes == {
        "articles": 0o755,
        "articles/.a.jsonl.part": 0o644,
        "archive": 0o700,
        "archive/.a.warc.gz.part": 0o600,
        "locks": 0o755,
        "locks/paper.lock": 0o644,
        "locks/alerts": 0o644,
        "runs": 0o755,
        "runs/note.json": 0o644,
        "runs/password": 0o600,
    }


def test_no_flipped_bit_of_a_compressed_file_is_read_as_text(tmp_path: Path) -> None:
    file = AppendFile(tmp_path / "a.jsonl")
    lines = b"".join(b'{"n": %d}\n' % number for number in range(50))
    file.append(lines)
    sealed = file.seal(compress=True)
    assert sealed is not None
    whole = sealed.read_bytes()
    for place in range(len(whole)):
        sealed.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        try:
            read = b"".join(json.dumps(record).encode() + b"\n" for record in read_records([sealed]))
        except StorageError:
            continue
        assert read == lines, place


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
    # Where no row follows, the crawl asks meanwhile.
    clock[0] += passed
    state.commit_due()
    assert sum(reader.counts("paper").values()) == 2
    reader.close()
    state.close()
