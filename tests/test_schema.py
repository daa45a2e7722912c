"""The schemas of the JSON Lines: engines that are told them read every file alike, whatever is null in it."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from backports import zstd

from newscrawl import schema
from newscrawl.items import Article, json_line, json_schema
from newscrawl.storage.jsonl import read_records
from tests.browse.stored import record

FULL = record(
    1,
    subtitle="تمهيد",
    authors=["ليلى", "سامي"],
    agencies=["AFP"],
    tags=["زيتون"],
    images=[{"url": "http://aldifaf.test/1.jpg", "caption": None, "credit": "AFP"}],
    similarity=0.5,
    paywalled=False,
    provenance={"title": "rule", "body": "json-ld"},
    archive={"file": "archive/a.warc.gz", "offset": 2**40},
    restrictions=["noai"],
    markdown="# عنوان",
)
BARE: dict[str, Any] = json.loads(Article(id="0" * 16).to_json())
#: A subclass, or a newer program, wrote this one.
MORE = {**BARE, "kicker": "زراعة", "provenance": {"kicker": "spider", "title": "rule"}}
OLD = Path(__file__).with_name("data_0_1_0.tar.zst")


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """One file in which nearly everything is null, one that is full, one with keys of its own; each read alone."""
    paths = []
    for name, records in (("bare", [BARE] * 3), ("full", [FULL]), ("more", [MORE])):
        paths.append(tmp_path / f"{name}.jsonl")
        paths[-1].write_text("".join(json_line(each) + "\n" for each in records), "utf-8")
    return paths


@pytest.fixture
def old_files(tmp_path: Path) -> list[Path]:
    """Files that 0.1.0 wrote, which lack the fields that came later."""
    with zstd.open(OLD, "rb") as packed, tarfile.open(fileobj=packed) as tar:
        tar.extractall(tmp_path, filter="data")
    return sorted((tmp_path / "data" / "articles").rglob("*.jsonl.zst"))


def expected(path: Path) -> list[dict[str, Any]]:
    """The records of a file, each with all fields and no others."""
    return [{name: each.get(name) for name in BARE} for each in read_records([path])]


def test_duckdb_reads_what_is_stored(files: list[Path], old_files: list[Path]) -> None:
    duckdb = pytest.importorskip("duckdb")
    for path in (*files, *old_files):
        read = duckdb.read_json(str(path), format="newline_delimited", columns=schema.duckdb(), hive_partitioning=False)
        assert read.columns == list(BARE)
        assert [dict(zip(BARE, row, strict=True)) for row in read.fetchall()] == expected(path)


def test_duckdb_takes_the_columns_in_a_statement(files: list[Path]) -> None:
    duckdb = pytest.importorskip("duckdb")
    names = [str(path) for path in files]
    query = (
        f'SELECT id, archive."offset" FROM read_json({names}, columns = {schema.duckdb()}) WHERE paywalled IS NOT NULL'
    )
    assert duckdb.sql(query).fetchall() == [(FULL["id"], 2**40)]


def test_pyarrow_reads_what_is_stored(files: list[Path], old_files: list[Path], tmp_path: Path) -> None:
    reader = pytest.importorskip("pyarrow.json")
    options = reader.ParseOptions(explicit_schema=schema.pyarrow(), unexpected_field_behavior="ignore")
    for path in (*files, *old_files):
        # pyarrow.json takes no zstd.
        plain = tmp_path / "plain.jsonl"
        plain.write_text("".join(json_line(each) + "\n" for each in read_records([path])), "utf-8")
        table = reader.read_json(plain, parse_options=options)
        assert table.schema.names == list(BARE)
        assert table.schema.equals(schema.pyarrow())
        for row, stored in zip(table.to_pylist(), expected(path), strict=True):
            answered = {name: layer for name, layer in (row.pop("provenance") or {}).items() if layer}
            assert answered == {name: layer for name, layer in stored.pop("provenance").items() if name in BARE}
            assert row == stored


def test_every_field_has_its_type() -> None:
    """A list of what the table under "The record" in README.md says, in DuckDB's words."""
    types = schema.duckdb()
    assert list(types) == list(json_schema()["properties"])
    assert {name: kind for name, kind in types.items() if kind != "VARCHAR"} == {
        "version": "BIGINT",
        "authors": "VARCHAR[]",
        "agencies": "VARCHAR[]",
        "tags": "VARCHAR[]",
        "restrictions": "VARCHAR[]",
        "images": 'STRUCT("url" VARCHAR, "caption" VARCHAR, "credit" VARCHAR)[]',
        "word_count": "BIGINT",
        "similarity": "DOUBLE",
        "paywalled": "BOOLEAN",
        "provenance": "MAP(VARCHAR, VARCHAR)",
        "archive": 'STRUCT("file" VARCHAR, "offset" BIGINT)',
    }
