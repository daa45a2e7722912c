"""Cells of a table that people open in spreadsheets."""

from __future__ import annotations

import csv
import io
from dataclasses import fields
from pathlib import Path

import pytest

from newscrawl.cli.tabular import cell, csv_lines, defused, write_csv
from newscrawl.items import Article, Image

# OWASP, CSV injection; and the same in full width, which some spreadsheets take for it.
STARTS = ["=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠"]


@pytest.mark.parametrize("start", STARTS, ids=[f"{ord(start):04X}" for start in STARTS])
def test_what_a_spreadsheet_takes_for_a_formula_is_text(start: str) -> None:
    for text in (f"{start}cmd", f"  {start}cmd", f"\u00a0{start}cmd", start):
        assert defused(text) == f"'{text}"
    for text in (f"خبر {start}", f"'{start}", f"1{start}2"):
        assert defused(text) == text


def test_every_kind_of_value_is_one_cell() -> None:
    assert cell(None) == ""
    assert cell("نص") == "نص"
    assert cell("=1+1") == "'=1+1"
    assert (cell(7), cell(0.5), cell(True)) == ("7", "0.5", "True")
    assert cell(["أ", "ب"]) == "أ; ب"
    assert cell(["=1", "ب"]) == "'=1; ب"
    assert cell([]) == ""
    assert cell([{"url": "http://x.test/=1"}]) == '[{"url": "http://x.test/=1"}]'
    assert cell({"title": "قاعدة"}) == '{"title": "قاعدة"}'


def test_a_table_has_a_heading_and_a_row_for_each_article(tmp_path: Path) -> None:
    articles = [
        Article(id="1" * 16, url="http://x.test/1", title="@سر", images=[Image(url="http://x.test/1.jpg")]),
        Article(id="2" * 16, url="http://x.test/2", authors=["ليلى حداد", "سعيد منصور"]),
    ]
    heading, first, second = csv.reader(io.StringIO("".join(csv_lines(articles))))
    assert heading == [field.name for field in fields(Article)]
    assert dict(zip(heading, first, strict=True))["title"] == "'@سر"
    assert dict(zip(heading, second, strict=True))["authors"] == "ليلى حداد; سعيد منصور"
    # The mark by which spreadsheets know UTF-8; the heading also where there is nothing.
    assert write_csv(articles, tmp_path / "x.csv") == 2
    assert (tmp_path / "x.csv").read_bytes().startswith(b"\xef\xbb\xbfid,")
    assert write_csv([], tmp_path / "empty.csv") == 0
    assert (tmp_path / "empty.csv").read_bytes().startswith(b"\xef\xbb\xbfid,")
