"""Parquet: typed, of one schema whatever is in it, whole, in partitions, and in memory that does not grow."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.exports import parquet as module
from newscrawl.exports.columns import row
from newscrawl.exports.parquet import write_parquet, write_partitions
from newscrawl.exports.selection import Selection
from newscrawl.items import Article, Image
from newscrawl.storage import StorageError
from tests.browse.stored import record

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")
ds = pytest.importorskip("pyarrow.dataset")


def article(number: int, **more: Any) -> Article:
    return Article.from_dict(record(number, **more))


def read(path: Path) -> list[dict[str, Any]]:
    return pq.read_table(path, partitioning=None).to_pylist()


def test_a_moment_has_its_text_its_instant_and_its_day(tmp_path: Path) -> None:
    late = article(1, published_at="2026-11-30T00:30:00+03:00", modified_at="2026-11-30")
    write_parquet([late], tmp_path / "x.parquet")
    (found,) = read(tmp_path / "x.parquet")
    assert found["published_at"] == "2026-11-30T00:30:00+03:00"
    assert found["published_at_utc"] == datetime(2026, 11, 29, 21, 30, tzinfo=UTC)
    assert found["published_at_day"] == date(2026, 11, 30)
    assert (found["modified_at_utc"], found["modified_at_day"]) == (None, date(2026, 11, 30))
    assert found["first_seen_at_utc"] == datetime(2026, 11, 29, tzinfo=UTC)


def test_what_is_no_moment_stays_text_alone() -> None:
    """The pattern of the record lets a month 13 through."""
    values = row(article(1, published_at="2026-13-45T10:00:00+03:00", modified_at="0001-01-01T00:00:00+03:00"))
    assert (values["published_at_utc"], values["published_at_day"]) == (None, None)
    assert (values["modified_at_utc"], values["modified_at_day"]) == (None, date(1, 1, 1))


def test_structures_and_layers(tmp_path: Path) -> None:
    picture = Image(url="http://aldifaf.test/1.jpg", caption="صورة")
    stored = article(1, tags=["زيتون"], provenance={"title": "rule", "body": "json-ld"})
    stored.images = [picture]
    write_parquet([stored], tmp_path / "x.parquet")
    (found,) = read(tmp_path / "x.parquet")
    assert found["images"] == [{"url": "http://aldifaf.test/1.jpg", "caption": "صورة", "credit": None}]
    assert found["provenance"] == [{"field": "title", "layer": "rule"}, {"field": "body", "layer": "json-ld"}]
    assert (found["tags"], found["authors"], found["unknown"]) == (["زيتون"], [], None)


@dataclass(kw_only=True)
class Rated(Article):
    kicker: str | None = None


def test_fields_of_a_subclass_are_kept(tmp_path: Path) -> None:
    rated = Rated(id="0" * 16, url="http://a.test", kicker="زراعة")
    write_parquet([rated, Article.from_dict(rated.to_dict())], tmp_path / "x.parquet")
    found = read(tmp_path / "x.parquet")
    assert [json.loads(each["unknown"]) for each in found] == [{"kicker": "زراعة"}] * 2


def test_a_file_is_packed_by_zstd_in_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROWS_A_GROUP", 2)
    write_parquet([article(n) for n in range(5)], tmp_path / "x.parquet")
    about = pq.ParquetFile(tmp_path / "x.parquet").metadata
    assert [about.row_group(at).num_rows for at in range(about.num_row_groups)] == [2, 2, 1]
    assert {about.row_group(0).column(at).compression for at in range(about.num_columns)} == {"ZSTD"}


def test_the_schema_is_the_same_whatever_is_stored(tmp_path: Path) -> None:
    rated = Rated(id="0" * 16, url="http://a.test", kicker="زراعة")
    for name, articles in {"none": [], "bare": [Article(id="1" * 16)], "full": [article(1)], "more": [rated]}.items():
        write_parquet(articles, tmp_path / f"{name}.parquet")
    schemas = [pq.read_schema(path) for path in tmp_path.glob("*.parquet")]
    assert len(schemas) == 4
    assert all(each.equals(schemas[0]) for each in schemas)
    assert not [field.name for field in schemas[0] if pa.types.is_null(field.type)]


def test_a_value_of_the_wrong_kind_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"article 0{15}2 of aldifaf: a value is of the wrong kind"):
        write_parquet([article(1), article(2, word_count="many")], tmp_path / "x.parquet")


def test_partitions_are_months_of_publication(tmp_path: Path) -> None:
    articles = [
        article(1, published_at="2026-10-31T23:30:00+03:00"),
        article(2, published_at="2026-11-01"),
        # First seen on 29 November 2026.
        article(3, published_at=None),
        article(4, source="a/b", published_at="2025-01-01"),
        article(5, published_at=None, first_seen_at=None, fetched_at=None),
    ]
    assert write_partitions(articles, tmp_path / "m", by="month", stem="part", empty=True) == 5
    found = {path.parent.name: [each["id"][-1] for each in read(path)] for path in (tmp_path / "m").rglob("*.parquet")}
    assert found == {
        "month=2026-10": ["1"],
        "month=2026-11": ["2", "3"],
        "month=2025-01": ["4"],
        # As Hive calls it, and engines read it.
        "month=__HIVE_DEFAULT_PARTITION__": ["5"],
    }
    write_partitions(articles, tmp_path / "s", by="source,month", stem="part", empty=True)
    read_back = ds.dataset(tmp_path / "s", partitioning="hive").to_table().to_pylist()
    assert {"a/b": "2025-01"}.items() <= {each["source"]: each["month"] for each in read_back}.items()
    assert len(read_back) == 5


@pytest.mark.parametrize("by", module.PARTITIONS)
def test_partitions_of_nothing_have_the_schema(by: str, tmp_path: Path) -> None:
    write_partitions([], tmp_path / "x", by=by, stem="part", empty=True)
    table = ds.dataset(tmp_path / "x", partitioning="hive").to_table()
    assert table.num_rows == 0
    assert {"published_at_utc", "source"} <= set(table.schema.names)


def test_more_partitions_than_files_may_be_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_OPEN", 3)
    monkeypatch.setattr(module, "ROWS_A_GROUP", 4)
    articles = [article(n, published_at=f"2026-{n % 11 + 1:02d}-05") for n in range(80)]
    write_partitions(articles, tmp_path / "x", by="month", stem="part", empty=True)
    found = [each for path in (tmp_path / "x").rglob("*.parquet") for each in read(path)]
    assert sorted(each["id"] for each in found) == sorted(each.id for each in articles)
    assert len({path.parent for path in (tmp_path / "x").rglob("*.parquet")}) == 11


def _many(count: int) -> Iterator[Article]:
    for number in range(count):
        yield article(number, body="نص " * 50, published_at=f"2026-{number % 12 + 1:02d}-05")


@pytest.mark.parametrize("by", ["", "month"])
def test_memory_is_that_of_a_group(by: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROWS_A_GROUP", 50)

    def peak(count: int) -> int:
        tracemalloc.start()
        if by:
            write_partitions(_many(count), tmp_path / str(count), by=by, stem="part", empty=True)
        else:
            write_parquet(_many(count), tmp_path / f"{count}.parquet")
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(100)  # what is loaded once
    assert peak(1600) < 2 * peak(400)


def test_versions_sources_and_days_are_chosen(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    records = [
        record(1, published_at="2026-11-01"),
        record(1, published_at="2026-11-01", version=2),
        record(1, published_at="2026-11-01", source="alwaha"),
        record(2, published_at="2026-11-02T23:59:00-05:00"),
        record(3, published_at=None),
    ]
    path.write_text("".join(json.dumps(each) + "\n" for each in records), "utf-8")

    def chosen(**more: Any) -> list[tuple[str, str | None, int]]:
        return [(each.id[-1], each.source, each.version) for each in Selection(**more).articles([path])]

    newest = [("1", "aldifaf", 2), ("1", "alwaha", 1), ("2", "aldifaf", 1), ("3", "aldifaf", 1)]
    assert chosen() == newest
    assert chosen(all_versions=True) == [("1", "aldifaf", 1), *newest]
    assert chosen(sources=("alwaha",)) == [("1", "alwaha", 1)]
    assert chosen(first="2026-11-02", last="2026-11-02") == [("2", "aldifaf", 1)]
    assert chosen(first="2026-11-03") == [("3", "aldifaf", 1)]


json_values = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda v: st.lists(v, max_size=3))


@settings(max_examples=25)
@given(
    text=st.text(max_size=20),
    words=st.lists(st.text(max_size=5), max_size=3),
    more=st.dictionaries(st.text(min_size=1, max_size=5).map("x".__add__), json_values, max_size=2),
)
def test_every_text_comes_back(text: str, words: list[str], more: dict[str, Any]) -> None:
    stored = Article.from_dict({**record(1, title=text, authors=words), **more})
    sink = pa.BufferOutputStream()
    write_parquet([stored], sink)
    (found,) = pq.read_table(pa.BufferReader(sink.getvalue())).to_pylist()
    assert (found["title"], found["authors"]) == (text, words)
    assert json.loads(found["unknown"] or "{}") == more
