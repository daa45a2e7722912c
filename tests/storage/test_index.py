"""What the state learns from article files, and what it knows better."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newscrawl.items import Article
from newscrawl.storage import State, StorageError
from newscrawl.storage.index import index_record, index_source, unread_files
from newscrawl.storage.objects import Store

Make = Callable[..., Article]
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
NAME = "articles/source=paper/date=2026-11-22/20261122T120000Z-0001-00000.jsonl"


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    opened = State(f"sqlite:///{tmp_path / 'state.sqlite'}")
    yield opened
    opened.close()


def put(data: Path, *articles: Article, name: str = NAME) -> Path:
    path = data / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(each.to_json() + "\n" for each in articles), "utf-8")
    return path


def test_a_file_is_read_in_once_and_the_log_says_how_much(
    state: State, tmp_path: Path, make_article: Make, caplog: pytest.LogCaptureFixture
) -> None:
    path = put(tmp_path, make_article(1), make_article(2))
    assert unread_files(state, tmp_path, "paper") == [path]
    with caplog.at_level(logging.INFO):
        assert index_source(state, tmp_path, "paper") == {NAME: path}
    assert f"read 2 articles of {NAME} into the state" in caplog.text
    assert unread_files(state, tmp_path, "paper") == []
    assert index_source(state, tmp_path, "paper") == {}
    assert state.indexed_files("paper") == {NAME}
    assert [row and (row.status, row.version) for row in (state.get("paper", f"{n:016x}") for n in (1, 2, 3))] == [
        ("done", 1), ("done", 1), None,
    ]  # fmt: skip


def test_who_marks_the_files_himself_finds_them_unread_until_then(
    state: State, tmp_path: Path, make_article: Make
) -> None:
    path = put(tmp_path, make_article(1))
    assert index_source(state, tmp_path, "paper", mark=False) == {NAME: path}
    assert unread_files(state, tmp_path, "paper") == [path]
    state.mark_indexed("paper", NAME)
    assert unread_files(state, tmp_path, "paper") == []


def test_what_is_read_in_the_store_is_known_to_lie_there(state: State, tmp_path: Path, make_article: Make) -> None:
    """After the state was lost: else it would all be shipped again."""
    path = put(tmp_path / "bucket", make_article(1))
    store = Store(f"file://{tmp_path / 'bucket'}")
    before = int(time.time())
    assert list(index_source(state, tmp_path / "data", "paper", store=store)) == [NAME]
    row = state.get("paper", f"{1:016x}")
    assert row is not None
    assert row.file == NAME
    (shipped,) = state.shipped_files("paper").values()
    assert shipped.size == path.stat().st_size
    assert before <= shipped.at <= time.time()


def test_what_is_read_here_is_not_called_shipped(state: State, tmp_path: Path, make_article: Make) -> None:
    put(tmp_path, make_article(1))
    index_source(state, tmp_path, "paper", store=Store(f"file://{tmp_path / 'bucket'}"))
    assert state.shipped_files("paper") == {}


def test_the_newest_version_counts_wherever_it_stands(state: State, make_article: Make) -> None:
    versions = {n: make_article(1, version=n, body=f"نص {n}").to_dict() for n in (1, 2, 3)}
    for file, number, known in (("a", 2, "a2"), ("b", 1, "a2"), ("c", 2, "a2"), ("d", 3, "d3")):
        index_record(state, "paper", versions[number], file)
        row = state.get("paper", f"{1:016x}")
        assert row is not None
        assert f"{row.file}{row.version}" == known
        assert row.content_hash == versions[row.version]["content_hash"]


def test_what_was_removed_does_not_come_back_with_a_file(state: State, make_article: Make) -> None:
    index_record(state, "paper", make_article(1).to_dict(), NAME)
    state.remove("paper", f"{1:016x}", "wish", now=NOW)
    index_record(state, "paper", make_article(1, version=2).to_dict(), NAME)
    row = state.get("paper", f"{1:016x}")
    assert row is not None
    assert row.status == "removed"


def test_a_line_tells_the_times_of_its_article(state: State, make_article: Make) -> None:
    seen, fetched = NOW - timedelta(days=3), NOW - timedelta(days=1)
    line = make_article(1, first_seen_at=seen.isoformat(), fetched_at=fetched.isoformat()).to_dict()
    index_record(state, "paper", line, NAME)
    index_record(state, "paper", {**line, "id": f"{2:016x}", "first_seen_at": None}, NAME)
    rows = [state.get("paper", f"{n:016x}") for n in (1, 2)]
    assert [(row.first_seen, row.fetched) for row in rows if row] == [(seen, fetched), (fetched, fetched)]
    before = datetime.now(UTC) - timedelta(seconds=1)
    index_record(state, "paper", {**line, "id": f"{3:016x}", "first_seen_at": None, "fetched_at": "x"}, NAME)
    row = state.get("paper", f"{3:016x}")
    assert row is not None
    assert row.fetched is not None
    assert before <= row.fetched == row.first_seen


def test_hashes_may_be_made_anew(state: State, tmp_path: Path, make_article: Make) -> None:
    put(tmp_path, make_article(1))
    index_source(state, tmp_path, "paper", content_hash=lambda record: f"{len(record['body']):032x}")
    assert state.by_content_hash("paper", f"{len(make_article(1).body or ''):032x}") == f"{1:016x}"


@pytest.mark.parametrize("less", ["id", "version", "url"])
def test_a_line_that_names_no_article_is_one_sentence(state: State, make_article: Make, less: str) -> None:
    line = json.loads(make_article(1).to_json())
    del line[less]
    with pytest.raises(StorageError, match="holds a line without id, version or url"):
        index_record(state, "paper", line, NAME)
