"""Files of the corpus: whole lines, healing, sealing, reading."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.items import Article
from newscrawl.storage import PartitionWriter, RejectedWriter, StorageError, append, read_articles
from newscrawl.storage.append import AppendFile, part_of
from newscrawl.storage.jsonl import (
    heal,
    lines_below,
    locate,
    logical_name,
    read_records,
    sealed_files,
    source_of,
    sources,
)

Make = Callable[..., Article]
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def writer(data: Path, run: str = "run", *, compress: bool = False) -> PartitionWriter:
    return PartitionWriter(data, "paper", run, compress=compress, clock=lambda: NOON)


def test_a_line_is_whole_in_the_part_file_when_write_returns(tmp_path: Path, make_article: Make) -> None:
    articles = writer(tmp_path)
    name = articles.write(make_article(1))
    assert name == "articles/source=paper/date=2026-11-22/run.jsonl"
    part = part_of(tmp_path / name)
    assert part.read_bytes() == make_article(1).to_json().encode() + b"\n"
    assert locate(name, tmp_path) == part


@pytest.mark.parametrize("compress", [False, True])
def test_sealed_file_holds_the_articles(tmp_path: Path, make_article: Make, compress: bool) -> None:
    articles = writer(tmp_path, compress=compress)
    written = [make_article(i) for i in range(50)]
    for article in written:
        articles.write(article)
    articles.seal()
    (path,) = sealed_files(tmp_path, "paper")
    assert path.name == ("run.jsonl.zst" if compress else "run.jsonl")
    assert list(read_articles([path])) == written
    assert list(path.parent.iterdir()) == [path]
    assert locate("articles/source=paper/date=2026-11-22/run.jsonl", tmp_path) == path
    assert sources(tmp_path) == ["paper"]


@pytest.mark.parametrize("compress", [False, True])
def test_duckdb_reads_the_partitions(tmp_path: Path, make_article: Make, compress: bool) -> None:
    articles = writer(tmp_path, compress=compress)
    for i in range(5):
        articles.write(make_article(i))
    articles.seal()
    pattern = f"{tmp_path}/articles/**/*.jsonl{'.zst' if compress else ''}"
    found = duckdb.sql(
        f"SELECT source, date, count(*) FROM read_json('{pattern}', hive_partitioning = true) GROUP BY ALL"
    )
    assert [(row[0], str(row[1]), row[2]) for row in found.fetchall()] == [("paper", "2026-11-22", 5)]


def test_a_new_day_seals_the_old_file_and_a_clock_set_back_reopens_nothing(tmp_path: Path, make_article: Make) -> None:
    days = iter([22, 23, 22, 23])
    articles = PartitionWriter(tmp_path, "paper", "run", clock=lambda: NOON.replace(day=next(days)))
    names = [articles.write(make_article(i)) for i in range(4)]
    assert [name.split("/")[2] for name in names] == ["date=2026-11-22", *["date=2026-11-23"] * 3]
    assert [path.name for path in sealed_files(tmp_path, "paper")] == ["run.jsonl"]
    articles.seal()
    assert len(list(read_articles(sealed_files(tmp_path, "paper")))) == 4


def test_a_file_is_sealed_when_it_is_old_enough_and_not_before(
    tmp_path: Path, make_article: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SEAL_AFTER: whoever ships or reads sealed files waits no longer, and the corpus is not cut into crumbs."""
    clock = [1000.0]
    monkeypatch.setattr(append.time, "monotonic", lambda: clock[0])
    articles = PartitionWriter(tmp_path, "paper", "run", seal_after=900, clock=lambda: NOON)
    names = []
    for number, at in enumerate([1000.0, 1500.0, 1899.0, 1900.0, 2000.0]):
        clock[0] = at
        names.append(articles.write(make_article(number)))
    assert [Path(name).name for name in names] == ["run.jsonl"] * 3 + ["run_0001.jsonl"] * 2
    articles.seal()


def test_what_was_rejected_is_sealed_as_articles_are(
    tmp_path: Path, make_article: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr(append.time, "monotonic", lambda: clock[0])
    rejected = RejectedWriter(tmp_path, "paper", "run", seal_after=900)
    for number, at in enumerate([1000.0, 1899.0, 1900.0, 2000.0]):
        clock[0] = at
        rejected.write(make_article(number), "no-body", now=NOON)
    rejected.seal()
    files = sealed_files(tmp_path, "paper", "rejected")
    assert [path.name for path in files] == ["run.jsonl", "run_0001.jsonl"]
    assert [len(list(read_records([path]))) for path in files] == [2, 2]


def test_a_file_grows_as_long_as_the_day_where_nothing_else_was_said(
    tmp_path: Path, make_article: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr(append.time, "monotonic", lambda: clock[0])
    articles = PartitionWriter(tmp_path, "paper", "run", clock=lambda: NOON)
    rejected = RejectedWriter(tmp_path, "paper", "run")
    for number in range(3):
        clock[0] += 20_000
        articles.write(make_article(number))
        rejected.write(make_article(number), "no-body", now=NOON)
    articles.seal()
    rejected.seal()
    for kind in ("articles", "rejected"):
        assert [path.name for path in sealed_files(tmp_path, "paper", kind)] == ["run.jsonl"]


def test_what_cannot_be_read_or_healed_is_one_sentence(
    tmp_path: Path, make_article: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(StorageError, match=r"^cannot read .*none\.jsonl: .*no such file"):
        list(read_records([tmp_path / "none.jsonl"]))
    name = writer(tmp_path).write(make_article(1))

    def broken(descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", broken)
        with pytest.raises(StorageError, match=r"^cannot heal .*run\.jsonl\.part: "):
            heal(tmp_path)
    assert heal(tmp_path) == [tmp_path / name]


def test_a_run_without_articles_leaves_no_file(tmp_path: Path) -> None:
    writer(tmp_path).seal()
    assert not list(tmp_path.rglob("*.jsonl*"))


def test_strange_source_names_stay_inside_the_directory(tmp_path: Path, make_article: Make) -> None:
    articles = PartitionWriter(tmp_path, "../ا b", "run", clock=lambda: NOON)
    name = articles.write(make_article(1))
    articles.seal()
    assert (tmp_path / name).resolve().is_relative_to(tmp_path)
    assert source_of(Path(name)) == "../ا b"
    assert sources(tmp_path) == ["../ا b"]


def test_rejected_keeps_the_article_and_the_reason(tmp_path: Path, make_article: Make) -> None:
    rejected = RejectedWriter(tmp_path, "paper", "run")
    rejected.write(make_article(1), "no-body", now=NOON)
    rejected.seal()
    (record,) = read_records([tmp_path / "rejected" / "source=paper" / "run.jsonl"])
    assert (record["reason"], record["at"]) == ("no-body", "2026-11-22T12:00:00+00:00")
    assert record["article"]["title"] == "عنوان الخبر رقم 1"


@settings(max_examples=60)
@given(st.lists(st.text(max_size=20), min_size=1, max_size=5), st.integers(min_value=0, max_value=400))
def test_healing_keeps_exactly_the_whole_lines_of_any_cut(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], cut: int
) -> None:
    """Also a cut inside a letter of two bytes, inside an escape, or just before the newline."""
    directory = tmp_path_factory.mktemp("heal")
    lines = [json.dumps({"t": text}, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n" for text in texts]
    content = b"".join(lines)[: max(0, len(b"".join(lines)) - cut)]
    part = directory / "run.jsonl.part"
    part.write_bytes(content)
    healed = heal(directory)
    whole = content[: content.rfind(b"\n") + 1]
    assert not part.exists()
    assert [path.read_bytes() for path in healed] == ([whole] if whole else [])


def test_torn_multi_byte_character(tmp_path: Path, make_article: Make) -> None:
    first, second = (make_article(i).to_json().encode() + b"\n" for i in (1, 2))
    torn = second[: second.index("خ".encode()) + 1]
    part = tmp_path / "run.jsonl.part"
    part.write_bytes(first + torn)
    with pytest.raises(UnicodeDecodeError):
        part.read_text("utf-8")
    (path,) = heal(tmp_path)
    assert list(read_articles([path])) == [make_article(1)]


def test_zeros_that_a_power_cut_left_between_whole_lines(tmp_path: Path, make_article: Make) -> None:
    first, second = (make_article(i).to_json().encode() + b"\n" for i in (1, 2))
    (tmp_path / "run.jsonl.part").write_bytes(first + b"\0" * 512 + b"\n" + second + b"\0" * 100)
    (path,) = heal(tmp_path)
    assert path.read_bytes() == first + second
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_left_out_is_told(tmp_path: Path, make_article: Make, caplog: pytest.LogCaptureFixture) -> None:
    part = tmp_path / ".20261120T100000Z-aaaa.jsonl.part"
    part.write_bytes(b"\0\0\n" + make_article(1).to_json().encode() + b"\n\0\0\0\n")
    heal(tmp_path)
    assert f"{part}: left out 2 damaged lines (7 bytes)" in caplog.text


@pytest.mark.parametrize(
    ("name", "logical"),
    [
        ("a/run.jsonl", "a/run.jsonl"), ("a/run.jsonl.zst", "a/run.jsonl"), ("a/.run.jsonl.part", "a/run.jsonl"),
        ("a/run-00000.warc.gz", "a/run-00000.warc.gz"), ("a/.run-00000.warc.gz.part", "a/run-00000.warc.gz"),
    ],
)  # fmt: skip
def test_a_file_has_one_name_in_the_state_whatever_has_become_of_it(tmp_path: Path, name: str, logical: str) -> None:
    assert logical_name(tmp_path / name, tmp_path) == logical
    (tmp_path / name).parent.mkdir()
    (tmp_path / name).touch()
    assert locate(logical, tmp_path) == tmp_path / name


def test_the_files_below_an_address(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    for name in ("a/2.jsonl.zst", "a/1.jsonl", "a/notes.txt", "b.jsonl"):
        (tmp_path / name).touch()
    assert [place.name for place in lines_below(f"file://{tmp_path}/a/")] == ["1.jsonl", "2.jsonl.zst"]
    (tmp_path / "none").mkdir()
    with pytest.raises(StorageError, match=r"there are no files of JSON Lines below file://.*/none/"):
        lines_below(f"file://{tmp_path}/none/")


def test_killed_after_compressing(tmp_path: Path, make_article: Make) -> None:
    articles = writer(tmp_path, compress=True)
    name = articles.write(make_article(1))
    plain = part_of(tmp_path / name).read_bytes()
    articles.seal()
    part_of(tmp_path / name).write_bytes(plain)
    (tmp_path / f"{name}.zst.tmp").write_bytes(b"half")
    heal(tmp_path, compress=True)
    assert sealed_files(tmp_path, "paper") == [tmp_path / f"{name}.zst"]
    assert len(list((tmp_path / name).parent.iterdir())) == 1


def test_disk_full_half_way_through_a_line_leaves_whole_lines(
    tmp_path: Path, make_article: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = writer(tmp_path)
    name = articles.write(make_article(1))
    before = part_of(tmp_path / name).read_bytes()
    real, calls = os.write, []

    def full(fd: int, data: bytes) -> int:
        calls.append(len(data))
        if len(calls) == 1:
            return real(fd, data[:10])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(append.os, "write", full)
        with pytest.raises(StorageError, match=r"cannot write .*run\.jsonl\.part: the disk is full"):
            articles.write(make_article(2))
    assert part_of(tmp_path / name).read_bytes() == before
    articles.write(make_article(3))
    articles.seal()
    assert [article.id for article in read_articles([tmp_path / name])] == [f"{1:016x}", f"{3:016x}"]


def test_disk_full_while_compressing_keeps_the_part_for_healing(
    tmp_path: Path, make_article: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = writer(tmp_path, compress=True)
    name = articles.write(make_article(1))

    def full(source: Path, target: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(append, "_compress", full)
        with pytest.raises(StorageError, match="the disk is full"):
            articles.seal()
    assert part_of(tmp_path / name).exists()
    assert heal(tmp_path) == [tmp_path / name]


def test_two_runs_never_write_one_file(tmp_path: Path) -> None:
    AppendFile(tmp_path / "run.jsonl")
    with pytest.raises(StorageError, match="cannot create"):
        AppendFile(tmp_path / "run.jsonl")


def test_reading_names_the_damaged_line(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    path.write_bytes(b'{"a": 1}\n{"a": \n')
    with pytest.raises(StorageError, match=r"run\.jsonl, line 2 is not a whole JSON object"):
        list(read_records([path]))


def test_reading_a_live_part_stops_at_the_line_being_written(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl.part"
    path.write_bytes(b'{"a": 1}\n{"a": ')
    assert list(read_records([path])) == [{"a": 1}]


def test_a_sealed_file_whose_last_line_is_torn_is_damaged(tmp_path: Path) -> None:
    """Nobody is writing it any more: what stands there was lost."""
    path = tmp_path / "run.jsonl"
    path.write_bytes(b'{"a": 1}\n{"a": ')
    with pytest.raises(StorageError, match=r"run\.jsonl, line 2 is not a whole JSON object"):
        list(read_records([path]))


def test_damaged_compressed_file_is_one_sentence(tmp_path: Path, make_article: Make) -> None:
    articles = writer(tmp_path, compress=True)
    for i in range(200):
        articles.write(make_article(i))
    articles.seal()
    (path,) = sealed_files(tmp_path, "paper")
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(StorageError, match="cannot read"):
        list(read_records([path]))


@pytest.mark.parametrize("call", ["fdatasync", "fsync"])
def test_what_was_appended_is_synced_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    """macOS has no fdatasync: then it is fsync."""
    calls: list[int] = []
    if call == "fsync":
        monkeypatch.delattr(os, "fdatasync", raising=False)
    elif not hasattr(os, "fdatasync"):
        pytest.skip("this system has no fdatasync")
    file = AppendFile(tmp_path / "run.jsonl")
    monkeypatch.setattr(os, call, calls.append)
    for expected in (1, 2):
        file.append(b"{}\n")
        file.sync()
        file.sync()
        assert len(calls) == expected
    file.close()
