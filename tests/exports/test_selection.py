"""Which stored articles an export takes, and from which files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from newscrawl.exports.selection import Selection, data_directory_of, day_of, files_of
from newscrawl.items import Article
from newscrawl.storage import StorageError
from tests.browse.stored import record


def stored(path: Path, *records: dict[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(each) + "\n" for each in records), "utf-8")
    return path


def chosen(*paths: Path, **asked: Any) -> list[tuple[str, str | None, int]]:
    return [(each.id[-1], each.source, each.version) for each in Selection(**asked).articles(paths)]


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1)])
def test_the_newest_version_is_taken_in_whatever_order_they_lie(tmp_path: Path, order: tuple[int, ...]) -> None:
    paths = [stored(tmp_path / f"{at}.jsonl", record(1, version=version)) for at, version in enumerate(order)]
    assert chosen(*paths) == [("1", "aldifaf", 3)]
    assert [version for _, _, version in chosen(*paths, all_versions=True)] == list(order)


def test_articles_of_two_sources_that_have_one_id_are_two(tmp_path: Path) -> None:
    path = stored(tmp_path / "a.jsonl", record(1, version=2), record(1, source="alwaha"))
    assert chosen(path) == [("1", "aldifaf", 2), ("1", "alwaha", 1)]


def test_days_are_those_of_the_page_and_both_ends_count(tmp_path: Path) -> None:
    path = stored(
        tmp_path / "a.jsonl",
        # In UTC it is the day before.
        record(1, published_at="2026-11-02T00:30:00+03:00"),
        record(2, published_at="2026-11-03"),
        record(3, published_at=None, first_seen_at="2026-11-04T10:00:00+00:00", fetched_at="2026-11-09T10:00:00+00:00"),
    )
    for first, last, numbers in (
        ("2026-11-02", "2026-11-02", "1"),
        ("2026-11-03", "2026-11-04", "23"),
        (None, "2026-11-03", "12"),
        ("2026-11-04", None, "3"),
        ("2026-11-05", "2026-11-30", ""),
    ):
        assert "".join(number for number, _, _ in chosen(path, first=first, last=last)) == numbers


def test_an_article_counts_for_the_first_day_that_is_known_of_it() -> None:
    days = {"published_at": "2026-11-01", "first_seen_at": "2026-11-02T23:00:00+00:00", "fetched_at": "2026-11-03"}
    article = Article.from_dict(record(1, **days))
    for name, day in days.items():
        assert day_of(article) == day[:10]
        setattr(article, name, None)
    assert day_of(article) == ""


def test_files_that_grow_and_what_was_rejected_are_not_read(tmp_path: Path) -> None:
    day = tmp_path / "articles" / "source=a" / "date=2026-11-01"
    whole = [stored(day / name, record(1)) for name in ("a.jsonl", "b.jsonl.zst")]
    for name in (".c.jsonl.part", "d.jsonl.part", ".e.jsonl.zst.tmp"):
        stored(day / name, record(2))
    stored(tmp_path / "rejected" / "source=a" / "f.jsonl", record(3))
    assert files_of([tmp_path]) == files_of([tmp_path / "articles"]) == whole
    assert files_of([day / "a.jsonl"]) == whole[:1]


def test_a_data_directory_is_told_from_others(tmp_path: Path) -> None:
    (tmp_path / "data" / "articles").mkdir(parents=True)
    for path in (tmp_path / "data", tmp_path / "data" / "articles"):
        assert data_directory_of(path) == (tmp_path / "data").resolve()
    with pytest.raises(StorageError, match="is no data directory"):
        data_directory_of(tmp_path)
