"""Scrapy's own feeds of articles: the same cells as the export, well-formed, and one file for one crawl."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from scrapy.settings import Settings

from newscrawl.addon import NewscrawlAddon
from newscrawl.cli.tabular import csv_lines
from newscrawl.exports.feeds import ArticlesAsCsv, ItemsAsXml
from newscrawl.items import ArchiveRef, Article, Image
from tests.spiders.site import Site, crawl

ARTICLES = [
    Article(id="a" * 16, url="https://paper.test/1"),
    Article(
        id="b" * 16,
        url="https://paper.test/2",
        title="=1+1 خبر, «مقتبس»",
        body='سطر "أول"\nسطر ثان; وآخر',
        authors=["ليلى حداد", "سعيد منصور"],
        images=[Image(url="https://paper.test/a.jpg", caption="الجسر, ليلا", credit="AFP"), Image()],
        provenance={"title": "json-ld", "body": "feed"},
        archive=ArchiveRef(file="archive/x.warc.gz", offset=7),
        paywalled=False,
        similarity=0.91,
    ),
]


def exported(kind: type[Any], items: list[Any]) -> bytes:
    file = io.BytesIO()
    exporter = kind(file)
    exporter.start_exporting()
    for item in items:
        exporter.export_item(item)
    exporter.finish_exporting()
    return file.getvalue()


def test_csv_has_the_cells_of_the_export() -> None:
    text = exported(ArticlesAsCsv, ARTICLES).decode()
    assert text == "".join(csv_lines(ARTICLES))
    first, second = csv.DictReader(io.StringIO(text, newline=""))
    assert json.loads(second["images"]) == [
        {"url": "https://paper.test/a.jpg", "caption": "الجسر, ليلا", "credit": "AFP"},
        {"url": None, "caption": None, "credit": None},
    ]
    assert json.loads(second["provenance"]) == {"title": "json-ld", "body": "feed"}
    assert json.loads(second["archive"]) == {"file": "archive/x.warc.gz", "offset": 7}
    assert (second["title"], second["authors"]) == ("'=1+1 خبر, «مقتبس»", "ليلى حداد; سعيد منصور")
    assert {first[name] for name in ("title", "body", "archive", "paywalled", "published_at")} == {""}


def test_xml_has_nothing_for_null() -> None:
    items = ElementTree.fromstring(exported(ItemsAsXml, ARTICLES))
    first, second = items
    assert "None" not in "".join(items.itertext())
    assert [element.text for element in first if element.tag in ("title", "archive", "paywalled")] == [None] * 3
    assert [name.text for name in second.findall("authors/value")] == ["ليلى حداد", "سعيد منصور"]
    assert second.findtext("images/value/caption") == "الجسر, ليلا"
    assert second.findtext("images/value[2]/url") == ""
    assert (second.findtext("archive/offset"), second.findtext("provenance/body")) == ("7", "feed")


def test_other_items_are_written_as_scrapy_does() -> None:
    assert exported(ArticlesAsCsv, [{"a": ["x", "y"], "b": "=1"}]) == b'a,b\r\n"x,y",=1\r\n'
    assert b"<a><value>x</value></a><b></b>" in exported(ItemsAsXml, [{"a": ["x"], "b": None}])


def test_a_projects_own_exporters_win() -> None:
    settings = Settings({"FEED_EXPORTERS": {"csv": "project.Csv"}})
    NewscrawlAddon().update_settings(settings)
    exporters = settings.getwithbase("FEED_EXPORTERS")
    assert exporters["csv"] == "project.Csv"
    assert exporters["xml"] == "newscrawl.exports.feeds.ItemsAsXml"
    assert "jsonlines" in exporters


@pytest.mark.parametrize("name", ["out.csv", "out.xml", "out.jsonl"])
def test_a_crawl_writes_them(name: str, tmp_path: Path) -> None:
    site = Site()
    site.article(1)
    site.article(2)
    site.feed([1, 2])
    with site.served():
        run = crawl(site, tmp_path, "-O", name, attributes="feeds = ['http://paper.test/feed']")
    assert run.code == 0, run.stderr
    written = (tmp_path / name).read_text(encoding="utf-8")
    match name.rpartition(".")[2]:
        case "csv":
            rows = list(csv.DictReader(io.StringIO(written, newline="")))
            assert len(rows) == 2
            assert all(json.loads(row["provenance"]) for row in rows)
        case "xml":
            assert len(ElementTree.fromstring(written)) == 2
        case _:
            assert [json.loads(line)["version"] for line in written.splitlines()] == [1, 1]
