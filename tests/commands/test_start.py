"""What a command loads before it does anything: no more than it needs, for half of a short run is loading."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import PATIENCE
from tests.spiders.site import PAPER, QUICK, Site, story

_PROGRAM = """
import atexit, json, sys
from pathlib import Path
atexit.register(lambda: Path("modules.json").write_text(json.dumps(sorted(sys.modules))))
from newscrawl.cli.main import main
main()
"""
# Rooms that one command works in, and packages that take a twentieth of a start each.
_OF_OTHERS = {
    "newscrawl.cluster.reextract",
    "newscrawl.demo.newsroom",
    "newscrawl.discovery.sites",
    "newscrawl.exports.cursor",
    "newscrawl.spiders.replay",
    "newscrawl.storage.warc",
    "aiohttp",
    "sqlalchemy.dialects.postgresql",
    "tldextract",
}


def _loaded(directory: Path, *arguments: str, **more: str) -> set[str]:
    subprocess.run(
        [sys.executable, "-c", _PROGRAM, *arguments],
        cwd=directory,
        env={**os.environ, **more},
        capture_output=True,
        timeout=PATIENCE,
        check=True,
    )
    return set(json.loads((directory / "modules.json").read_text()))


@pytest.mark.parametrize("arguments", [("extract", "page.html"), ("version",), ("list",)])
def test_a_command_loads_no_other_commands_rooms(arguments: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(story(1), encoding="utf-8")
    loaded = _loaded(tmp_path, *arguments)
    assert "newscrawl.commands.export" in loaded  # Scrapy asks every command what it is
    of_crawls = {
        "newscrawl.spiders.crawl",
        "newscrawl.storage.session",
        "newscrawl.dedup.near",
        "rich.console",
        "sqlalchemy",
    }
    assert loaded & {*_OF_OTHERS, *of_crawls} == set()


def test_a_crawl_loads_nothing_that_it_does_not_use(tmp_path: Path) -> None:
    (tmp_path / "paper_spiders.py").write_text(PAPER + '    sections = ["http://paper.test/"]\n', encoding="utf-8")
    listing = '<html><body><ul><li><a href="/story/1">عنوان الخبر الأول في الصحيفة</a></li></ul></body></html>'
    site = Site()
    site.page("/", listing)
    site.article(1)
    # Without the extension that writes what these tests have no use for.
    settings = [value for value in (*QUICK, "SPIDER_MODULES=paper_spiders") if not value.startswith("EXTENSIONS")]
    with site.served():
        loaded = _loaded(
            tmp_path, "crawl", "paper", *(part for value in settings for part in ("-s", value)),
            http_proxy=site.url, no_proxy="", PYTHONPATH=str(tmp_path),
        )  # fmt: skip
    assert list((tmp_path / "data" / "articles").rglob("*.jsonl*"))
    assert "newscrawl.dedup.near" in loaded
    switched_off = {"scrapy.extensions.remote_control", "scrapy.downloadermiddlewares.cookies"}
    assert loaded & {*_OF_OTHERS, *switched_off} == set()
