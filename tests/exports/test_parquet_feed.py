"""Scrapy's own feeds: `-o x.parquet` leaves a file that can be read, whatever comes of the crawl."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from scrapy.item import Field, Item

from newscrawl.exports.columns import arrow_schema
from newscrawl.exports.parquet_feed import ParquetItemExporter
from newscrawl.items import Article
from newscrawl.storage import StorageError
from tests.browse.stored import record
from tests.patience import PATIENCE
from tests.spiders.site import Answer, Seen, Site, crawl

pq = pytest.importorskip("pyarrow.parquet")
FEED = 'feeds = ["http://paper.test/feed"]'


def site_of(*numbers: int) -> Site:
    site = Site()
    for number in numbers:
        site.article(number)
    site.feed(list(numbers))
    return site


def exported(path: Path, mode: str, *items: object, **options: object) -> None:
    with path.open(mode) as file:
        exporter = ParquetItemExporter(file, **options)
        exporter.start_exporting()
        assert pq.read_schema(path) is not None
        for item in items:
            exporter.export_item(item)
        exporter.finish_exporting()


def test_a_crawl_writes_parquet_and_adds_to_it(tmp_path: Path) -> None:
    with site_of(1, 2).served() as site:
        run = crawl(site, tmp_path, "-o", "x.parquet", "-o", "x.jsonl", attributes=FEED)
        assert run.code == 0, run.stderr
        table = pq.read_table(tmp_path / "x.parquet")
        lines = [json.loads(line) for line in (tmp_path / "x.jsonl").open("rb")]
        assert table.schema.equals(arrow_schema())
        assert [(row["id"], row["body"]) for row in table.to_pylist()] == [(line["id"], line["body"]) for line in lines]
        site.article(3)
        site.feed([1, 2, 3])
        assert crawl(site, tmp_path, "-o", "x.parquet", attributes=FEED).code == 0
        assert pq.read_table(tmp_path / "x.parquet").num_rows == 3
        # Nothing is new: the file is replaced by one without rows.
        assert crawl(site, tmp_path, "-O", "x.parquet", attributes=FEED).code == 0
        empty = pq.read_table(tmp_path / "x.parquet")
    assert (empty.num_rows, empty.schema.equals(arrow_schema())) == (0, True)
    assert not list(tmp_path.glob(".export-*"))


def test_a_crawl_that_is_killed_leaves_what_was_there(tmp_path: Path) -> None:
    exported(tmp_path / "x.parquet", "wb", Article.from_dict(record(7)))
    site = site_of(1, 2)
    page = site.pages["/story/1"]
    children: list[subprocess.Popen[bytes]] = []

    def kill(_: Seen) -> Answer:
        if (tmp_path / "x.parquet").exists() and children:
            children[0].send_signal(signal.SIGKILL)
        assert isinstance(page, Answer)
        return page

    site.pages["/story/1"] = kill
    with site.served():
        script = "import sys; from newscrawl.commands.main import main; main()"
        (tmp_path / "paper_spiders.py").write_text(_paper(), "utf-8")
        words = ["crawl", "paper", "-o", "x.parquet", "-s", "SPIDER_MODULES=paper_spiders"]
        quick = ["-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=0"]
        env = {**os.environ, "http_proxy": site.url, "no_proxy": "", "PYTHONPATH": str(tmp_path)}
        child = subprocess.Popen([sys.executable, "-c", script, *words, *quick], cwd=tmp_path, env=env, stderr=-3)
        children.append(child)
        child.wait(PATIENCE)
    assert child.returncode == -signal.SIGKILL
    assert [row["id"] for row in pq.read_table(tmp_path / "x.parquet").to_pylist()] == [record(7)["id"]]


def _paper() -> str:
    from tests.spiders.site import PAPER

    return f"{PAPER}    {FEED}\n"


def test_items_of_other_kinds_are_text(tmp_path: Path) -> None:
    class Quote(Item):
        text = Field()
        tags = Field()

    exported(tmp_path / "x.parquet", "wb", Quote(text="قول", tags=["أ", 1]), {"text": None, "more": 3})
    assert pq.read_table(tmp_path / "x.parquet").to_pylist() == [
        {"text": "قول", "tags": '["أ", 1]', "unknown": None},
        {"text": None, "tags": None, "unknown": '{"more": "3"}'},
    ]


def test_fields_are_chosen_as_in_other_feeds(tmp_path: Path) -> None:
    exported(tmp_path / "x.parquet", "wb", Article.from_dict(record(1)), fields_to_export=["title", "id"])
    assert pq.read_table(tmp_path / "x.parquet").to_pylist() == [{"title": "عنوان 1", "id": f"{1:016x}"}]


def test_a_storage_elsewhere_gets_the_whole_file() -> None:
    """Buckets are given a temporary file."""
    file = io.BytesIO()
    exporter = ParquetItemExporter(file)
    exporter.start_exporting()
    exporter.export_item(Article.from_dict(record(1)))
    exporter.finish_exporting()
    assert pq.read_table(io.BytesIO(file.getvalue())).num_rows == 1


def test_what_is_no_parquet_is_not_added_to(tmp_path: Path) -> None:
    (tmp_path / "x.parquet").write_text("mine")
    with pytest.raises(StorageError, match="is there already and is no Parquet; -O replaces it"):
        exported(tmp_path / "x.parquet", "ab", {"a": "b"})
    assert (tmp_path / "x.parquet").read_text() == "mine"
