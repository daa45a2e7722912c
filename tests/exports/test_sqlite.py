"""The SQLite file: typed columns, lists that json_each takes, words found however they are written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from newscrawl.exports.sqlite import write_sqlite
from newscrawl.items import Article
from newscrawl.storage import StorageError
from tests.browse.stored import record

pytest.importorskip("pyarrow")

RECORDS = [
    record(
        1, title="القُدْس", body="إلى المدينة", authors=["ليلى", "سامي"], provenance={"title": "rule"}, paywalled=False
    ),
    record(1, title="القدس", body="نص مصحح", version=2, authors=["ليلى"], word_count=7),
    record(2, source="alwaha", published_at="2026-11-05", tags=["زيتون"], similarity=0.75, duplicate_of=f"{1:016x}"),
    record(3, published_at=None) | {"kicker": "زراعة"},
]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    assert write_sqlite(map(Article.from_dict, RECORDS), tmp_path / "x.db") == 4
    connection = sqlite3.connect(tmp_path / "x.db")
    yield connection
    connection.close()


def test_columns_have_types(database: sqlite3.Connection) -> None:
    kinds = {name: kind for _, name, kind, *_ in database.execute("PRAGMA table_info(articles)")}
    assert (kinds["word_count"], kinds["similarity"], kinds["title"], kinds["tags"]) == (
        "INTEGER",
        "REAL",
        "TEXT",
        "TEXT",
    )
    row = database.execute(
        "SELECT paywalled, json_extract(provenance, '$.title'), published_at, published_at_utc, published_at_day"
        " FROM articles WHERE version = 1 AND id = ?",
        (f"{1:016x}",),
    ).fetchone()
    assert row == (0, "rule", "2026-11-02T10:00:00+03:00", "2026-11-02 07:00:00", "2026-11-02")
    assert database.execute("SELECT unknown FROM articles WHERE unknown IS NOT NULL").fetchall() == [
        ('{"kicker":"زراعة"}',)
    ]
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize(
    ("words", "count"), [("القدس", 2), ("المدينه", 1), ("المدينة", 1), ("الي", 1), ("إلى", 1), ("زيتون", 0)]
)
def test_words_are_found(words: str, count: int, database: sqlite3.Connection) -> None:
    query = "SELECT count(*) FROM articles WHERE n IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?)"
    assert database.execute(query, (words,)).fetchone() == (count,)


def test_views(database: sqlite3.Connection) -> None:
    assert database.execute("SELECT id, version FROM newest ORDER BY id").fetchall() == [
        (f"{1:016x}", 2),
        (f"{2:016x}", 1),
        (f"{3:016x}", 1),
    ]
    assert database.execute("SELECT source, articles, first_day, resemble_earlier FROM by_source").fetchall() == [
        ("aldifaf", 2, "2026-11-02", 0),
        ("alwaha", 1, "2026-11-05", 1),
    ]
    assert ("2026-11-29", "aldifaf", 1, 0) in database.execute("SELECT * FROM by_day").fetchall()
    assert database.execute("SELECT author FROM article_authors").fetchall() == [("ليلى",)]
    assert database.execute("SELECT tag FROM article_tags").fetchall() == [("زيتون",)]


@pytest.mark.parametrize("value", [2**70, "\ud800"])
def test_a_value_that_sqlite_does_not_take_is_named(value: object, tmp_path: Path) -> None:
    bad = Article.from_dict(record(5, word_count=value))
    with pytest.raises(StorageError, match=r"article 0{15}5 of aldifaf: a value is of the wrong kind"):
        write_sqlite([bad], tmp_path / "x.db")
