"""The DuckDB statement that an analyst takes along gives what the search gives."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from backports import zstd

from newscrawl.browse.duck import statement
from newscrawl.browse.index import update
from newscrawl.browse.reader import Reader
from newscrawl.browse.search import Fields, Search
from tests.arabic.test_arabic_search import FOUND, NOT_FOUND
from tests.browse.stored import record, store

duckdb = pytest.importorskip("duckdb")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of traps, and an article for every filter."""
    data_dir = tmp_path_factory.mktemp("it's data")
    texts = [text for _, text in (*FOUND, *NOT_FOUND)]
    store(data_dir, "traps", [record(n, title="عنوان", body=text) for n, text in enumerate(texts, 1)])
    more: list[dict[str, Any]] = [
        {
            "source": "alwaha",
            "country": "SY",
            "agencies": ["AFP"],
            "images": [{"url": "u", "caption": "c", "credit": None}],
        },
        {"section": "محليات", "subtitle": "زيتون وزيت"},
        {
            "agencies": ["AFP", "SPA"],
            "authors": ["ليلى حدّاد"],
            "images": [{"url": "u", "caption": None, "credit": None}],
        },
        {"duplicate_of": f"{1:016x}", "cluster_id": f"{1:016x}", "similarity": 0.9},
        {"paywalled": True, "tags": ["وسم"], "modified_at": "2026-11-02"},
        {"restrictions": ["noai"], "published_at": None, "dateline": "عمان"},
        {"title": "O'Reilly's", "body": "“quotes” and 'more'"},
    ]
    store(data_dir, "more", [record(500 + n, **each) for n, each in enumerate(more)])
    path = store(data_dir, "later", [record(502, version=2, title="عنوان آخر", section="رياضة")])
    path.with_name(path.name + ".zst").write_bytes(zstd.compress(path.read_bytes()))
    path.unlink()
    update(data_dir)
    return data_dir


ARGUMENTS: list[dict[str, Any]] = [
    {},
    {"source": "alwaha"},
    {"source": ["alwaha", "aldifaf"], "q": "زيتون"},
    {"country": "sy"},
    {"section": "محليات"},
    {"section": "رياضة"},
    {"section": "لا شيء"},
    {"agency": "SPA"},
    {"author": "ليلي حداد"},
    {"copies": "reprint"},
    {"copies": "original", "q": "-القدس"},
    {"corrected": "1"},
    {"walled": "1"},
    {"reserved": "1"},
    {"missing": "agencies"},
    {"missing": "subtitle", "q": "القدس"},
    {"missing": "published_at"},
    {"missing": "images"},
    {"from": "2026-11-05", "to": "2026-11-07"},
    {"from": "2026-11-29"},
    {"to": "2026-11-02", "q": "عنوان"},
    {"q": "o'reilly"},
    {"q": "زيت"},
]
QUERIES = sorted({query for query, _ in (*FOUND, *NOT_FOUND)})


@pytest.mark.parametrize("arguments", [*ARGUMENTS, *({"q": query} for query in QUERIES)], ids=str)
def test_the_statement_finds_the_same(corpus: Path, arguments: dict[str, Any]) -> None:
    search = Search.read(Fields.of(arguments))
    expected = sorted(json.loads(line)["id"] for line in Reader(corpus).lines(search))
    rows = duckdb.connect().execute(statement(search, corpus)).fetchall()
    assert sorted(row[0] for row in rows) == expected


def test_its_columns_are_the_record(corpus: Path) -> None:
    search = Search.read(Fields.of({"agency": "AFP"}))
    relation = duckdb.connect().execute(statement(search, corpus))
    (row,) = relation.fetchall()
    found = dict(zip((column[0] for column in relation.description), row, strict=True))
    (line,) = Reader(corpus).lines(search)
    stored = json.loads(line)
    assert found.keys() == stored.keys()
    assert {name: found[name] for name in ("agencies", "images", "version", "title")} == {
        name: stored[name] for name in ("agencies", "images", "version", "title")
    }
