"""newscrawl.crawl(): articles one by one from a child process that ends with the iterator."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import newscrawl
from newscrawl.spiders.child import CrawlError
from tests.patience import PATIENCE
from tests.spiders.almithal import HOME, almithal
from tests.spiders.site import Site

QUICK = {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": 0, "RETRY_TIMES": 0, "CONCURRENT_REQUESTS_PER_DOMAIN": 8}


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Site]:
    with almithal(12, "feed").served() as served:
        monkeypatch.setenv("http_proxy", served.url)
        monkeypatch.setenv("no_proxy", "")
        monkeypatch.chdir(tmp_path)
        yield served


def _children() -> list[str]:
    """The crawls that this process has started and that have not ended."""
    command = ["ps", "-o", "args=", "--ppid", str(os.getpid())]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    return [line for line in found.stdout.splitlines() if "newscrawl.cli.main" in line]


def test_articles_come_and_nothing_is_stored(site: Site, tmp_path: Path) -> None:
    articles = list(newscrawl.crawl(HOME, settings=QUICK, exclude="culture"))
    assert len(articles) == 8
    assert all(isinstance(article.title, str) and article.source == "almithal_test" for article in articles)
    assert list(tmp_path.iterdir()) == []


def test_what_data_holds_is_not_given_again(site: Site, tmp_path: Path) -> None:
    first = list(newscrawl.crawl(HOME, settings=QUICK, limit=5, data=tmp_path / "data"))
    rest = list(newscrawl.crawl(HOME, settings=QUICK, data=tmp_path / "data"))
    assert (len(first), len(rest)) == (5, 7)
    assert not {article.id for article in first} & {article.id for article in rest}


def test_a_closed_iterator_ends_the_crawl(site: Site) -> None:
    articles = newscrawl.crawl(HOME, settings={**QUICK, "DOWNLOAD_DELAY": 0.5})
    assert next(articles).title
    assert _children()
    articles.close()  # type: ignore[attr-defined]
    assert not _children()


def test_a_running_loop_is_no_hindrance(site: Site) -> None:
    code = (
        "import asyncio, newscrawl\n"
        "async def main():\n"
        f"    print(sum(1 for _ in newscrawl.crawl({HOME!r}, settings={QUICK!r})))\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert (done.stdout.strip(), done.returncode) == ("12", 0), done.stderr


@pytest.mark.parametrize(
    ("sources", "sentence"),
    [(("nobody",), "there is no source"), (("https://www.almithal.jo",), "CONTACT"), (("http://[x",), "no address")],
)
def test_what_cannot_begin_is_said_in_one_sentence(sources: tuple[str, ...], sentence: str, site: Site) -> None:
    with pytest.raises(CrawlError, match=sentence):
        list(newscrawl.crawl(*sources))
    with pytest.raises(ValueError, match="which source"):
        newscrawl.crawl()
