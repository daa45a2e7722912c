"""Sources that run side by side and print the same agency stories: each is found, or stored once, as in runs one after
another."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from newscrawl.items import Article
from newscrawl.storage.jsonl import read_articles, sealed_files
from tests.patience import PATIENCE, wait_for
from tests.spiders.site import Answer, Site, crawl

STORIES = 8
PAPERS = ("shuruq", "ghurub")
_SPIDERS = """
from newscrawl.extraction.rules import Rules
from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Paper(NewsSpider):
    article_url = r"/story/(?P<id>\\d+)"
    rules = [Rules(title="h1", body=".text")]


class Shuruq(Paper):
    name = "shuruq"
    publisher = Publisher("الشروق", "Shuruq", country="EG", timezone="Africa/Cairo")
    allowed_domains = ["shuruq.test"]
    feeds = ["http://shuruq.test/shuruq/feed"]


class Ghurub(Paper):
    name = "ghurub"
    publisher = Publisher("الغروب", "Ghurub", country="EG", timezone="Africa/Cairo")
    allowed_domains = ["ghurub.test"]
    feeds = ["http://ghurub.test/ghurub/feed"]
"""
_WORDS = "أعلنت الوزارة مساء الأحد خطة جديدة للنقل تشمل طرقا وجسورا ومحطات في سبع مدن وقرى تطل على النهر".split()


def page(paper: str, number: int) -> Answer:
    """One agency's story as one paper prints it."""
    told = "".join(f"<p>{' '.join(f'{word}{number * 9 + line}' for word in _WORDS)}.</p>" for line in range(5))
    dateline = {"shuruq": "القاهرة (رويترز) - ", "ghurub": "القاهرة - وكالات: "}[paper]
    told = told.replace("<p>", f"<p>{dateline}", 1)
    title = {"shuruq": f"خطة النقل رقم {number}", "ghurub": f"طرق وجسور جديدة: الدفعة {number}"}[paper]
    html = f"<html lang=ar><title>{title}</title><article><h1>{title}</h1><div class=text>{told}</div></article></html>"
    return Answer(html.encode(), 200, {"Content-Type": "text/html; charset=utf-8"})


@pytest.fixture
def site() -> Iterator[Site]:
    """Two papers; of each story both papers' pages are asked for before one is given."""
    made = Site()
    both = {number: threading.Barrier(2, timeout=PATIENCE) for number in range(STORIES)}

    def answer(path: str) -> Answer | None:
        _, paper, *rest = path.split("/")
        if rest == ["feed"]:
            links = (f"http://{paper}.test/{paper}/story/{number}" for number in range(STORIES))
            items = "".join(f"<item><title>خبر</title><link>{link}</link></item>" for link in links)
            return Answer(f"<rss><channel>{items}</channel></rss>".encode(), 200, {"Content-Type": "application/xml"})
        if len(rest) == 2:
            both[int(rest[1])].wait()
            return page(paper, int(rest[1]))
        return None

    made.fallback = answer
    with made.served():
        yield made


def begin(site: Site, directory: Path, names: tuple[str, ...], **settings: object) -> subprocess.Popen[bytes]:
    settings |= {"SPIDER_MODULES": "papers", "DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": 0, "DOWNLOAD_TIMEOUT": 120}
    # Both papers' pages are under way at once, in whatever order they are asked for.
    settings |= {"CONCURRENT_REQUESTS": 4 * STORIES, "CONCURRENT_REQUESTS_PER_DOMAIN": 2 * STORIES}
    given = [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
    main = "from newscrawl.commands.main import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", main, "crawl", *names, *given, "-s", f"DATA_DIR={directory / 'data'}"],
        cwd=directory,
        env={**os.environ, "http_proxy": site.url, "no_proxy": "", "PYTHONPATH": str(directory)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def stored(site: Site, directory: Path, processes: list[tuple[str, ...]], **settings: object) -> list[Article]:
    """What the corpus holds when processes that ran at once, each with some papers, have ended well."""
    (directory / "papers.py").write_text(_SPIDERS, encoding="utf-8")
    with ExitStack() as running:
        begun = [running.enter_context(begin(site, directory, names, **settings)) for names in processes]
        try:
            assert [process.wait(timeout=PATIENCE) for process in begun] == [0] * len(begun)
        finally:
            for process in begun:
                process.kill()
    data = directory / "data"
    return [article for paper in PAPERS for article in read_articles(sealed_files(data, paper))]


@pytest.mark.parametrize("processes", [[PAPERS], [("shuruq",), ("ghurub",)]], ids=["one-process", "two-processes"])
@pytest.mark.slow
def test_one_of_each_set_of_copies_is_stored(
    site: Site, tmp_path: Path, state_url: str, processes: list[tuple[str, ...]]
) -> None:
    found = stored(site, tmp_path, processes, STATE_URL=state_url, NEAR_DUPLICATES="drop")
    assert sorted(int(article.url.rpartition("/")[2]) for article in found) == list(range(STORIES))
    assert {article.duplicate_of for article in found} == {None}


def test_each_copy_is_flagged_with_the_story_that_came_first(site: Site, tmp_path: Path) -> None:
    found = stored(site, tmp_path, [PAPERS], NEAR_DUPLICATES="flag")
    originals = {article.id: article for article in found if article.duplicate_of is None}
    copies = [article for article in found if article.duplicate_of is not None]
    assert (len(originals), len(copies)) == (STORIES, STORIES)
    for copy in copies:
        original = originals[copy.duplicate_of or ""]
        assert original.source != copy.source
        assert original.url.rpartition("/")[2] == copy.url.rpartition("/")[2]
        assert copy.cluster_id == original.id


def test_what_is_stored_is_in_the_state_while_the_next_page_is_waited_for(tmp_path: Path) -> None:
    """Seconds after its line, whatever takes how long behind it: other processes find a story by its row."""
    site = Site()
    for number in (1, 2):
        site.article(number)
    site.feed([2, 1])
    late = site.pages.pop("/story/1")
    rows: list[int] = []

    def answer(path: str) -> Answer | None:
        if path != "/story/1":
            return None
        rows.extend(wait_for(stories, "the first story's row"))
        return late

    def stories() -> list[int]:
        with closing(sqlite3.connect(f"file:{tmp_path / 'data/state.sqlite'}?mode=ro", uri=True)) as state:
            return [number for (number,) in state.execute("SELECT n FROM near_stories")]

    site.fallback = answer
    with site.served():
        done = crawl(site, tmp_path, attributes="feeds = ['http://paper.test/feed']")
    assert (done.code, done.stats["newscrawl/stored"]) == (0, 2)
    assert len(rows) == 1
