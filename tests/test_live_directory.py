"""Engines that read the data directory while a crawl writes into it see the sealed rows, each once, and no torn one."""

from __future__ import annotations

import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from newscrawl.items import Article
from newscrawl.storage.jsonl import PartitionWriter, read_articles, sealed_files
from tests.exports.test_engines import ENGINES as ENGINES_PYTHON
from tests.patience import PATIENCE
from tests.spiders.site import Answer, Seen, Site, crawl, story

FEEDS = 'feeds = ["http://paper.test/feed"]'


def by_pyarrow(articles: Path) -> list[tuple[str, str]]:
    dataset = pytest.importorskip("pyarrow.dataset")
    table = dataset.dataset(str(articles), format="json", partitioning="hive").to_table(columns=["id", "source"])
    return sorted((row["id"], row["source"]) for row in table.to_pylist())


def by_duckdb(articles: Path) -> list[tuple[str, str]]:
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect() as connection:
        query = "SELECT id, source FROM read_json_auto(?, hive_partitioning = true)"
        return sorted(connection.execute(query, [f"{articles}/**/*.jsonl"]).fetchall())


ENGINES: list[Callable[[Path], list[tuple[str, str]]]] = [by_pyarrow, by_duckdb]


def sealed(data: Path) -> list[tuple[str, str]]:
    return sorted((article.id, article.source or "") for article in read_articles(sealed_files(data, "paper")))


def test_engines_read_the_sealed_rows_of_a_live_run_exactly(tmp_path: Path) -> None:
    data, articles = tmp_path / "data", tmp_path / "data" / "articles"
    site, go_on = Site(), threading.Event()
    for number in (1, 2, 3):
        site.article(number)
    site.feed([1, 2])

    def held(_seen: Seen) -> Answer:
        assert go_on.wait(PATIENCE)
        return Answer(story(4).encode(), 200, {"Content-Type": "text/html; charset=utf-8"})

    with site.served(), ThreadPoolExecutor(1) as pool:
        assert crawl(site, tmp_path, attributes=FEEDS).stat("stored") == 2
        before = sealed(data)
        assert len(before) == 2
        site.pages["/story/4"] = held
        site.feed([1, 2, 3, 4])
        running = pool.submit(crawl, site, tmp_path, attributes=FEEDS)
        try:
            growing: list[Path] = []
            while not any(path.read_bytes().endswith(b"\n") for path in growing):
                assert not running.done(), running.result().stderr
                time.sleep(0.05)
                growing = list(articles.rglob(".*"))
            # As after a write that the kernel has half done.
            with growing[0].open("ab") as torn:
                torn.write(b'{"id": "torn')
                torn.flush()
                for engine in ENGINES:
                    assert engine(articles) == before, engine
                torn.truncate(growing[0].stat().st_size - len(b'{"id": "torn'))
        finally:
            go_on.set()
        assert running.result().stat("stored") == 2
    after = sealed(data)
    assert len(after) == 4
    assert list(articles.rglob(".*")) == []
    for engine in ENGINES:
        assert engine(articles) == after, engine


SPARK = """
import sys
from pyspark.sql import SparkSession

builder = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
session = builder.config("spark.driver.bindAddress", "127.0.0.1").getOrCreate()
for row in session.read.json(sys.argv[1]).select("id", "source").collect():
    print(row["id"], row["source"])
"""


@pytest.mark.slow
@pytest.mark.skipif(not ENGINES_PYTHON.exists(), reason=f"{ENGINES_PYTHON} is missing; .ci/slow makes it")
@pytest.mark.skipif(shutil.which("java") is None, reason="there is no Java: Spark does not run")
def test_spark_reads_the_sealed_rows_of_a_live_run_exactly(tmp_path: Path) -> None:
    data = tmp_path / "data"
    writers = [PartitionWriter(data, "paper", run) for run in ("first", "second")]
    for number, writer in enumerate(writers):
        writer.write(Article(id=f"{number:016x}", source="paper", url=f"https://paper.test/{number}"))
    writers[0].seal()
    (growing,) = data.rglob(".*.part")
    with growing.open("ab") as torn:
        torn.write(b'{"id": "torn')
    command = [str(ENGINES_PYTHON), "-c", SPARK, str(data / "articles")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [f"{0:016x}", "paper"]
