"""An archived crawl, replayed with the newspaper gone: the same articles from the same bytes."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

from newscrawl.demo.newsroom import Newsroom
from newscrawl.demo.server import NewsServer
from newscrawl.storage.jsonl import read_articles, sealed_files
from newscrawl.storage.warc import read_response
from tests.patience import PATIENCE

# What says when and how an article was had, not what it is.
_OF_THE_RUN = ("first_seen_at", "fetched_at")


def crawl(proxy: str, data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scrapy", "crawl", "alwaha", *arguments, "-s", f"DATA_DIR={data}"]
    command += ["-s", "GUARD_ALLOW_LOOPBACK=True", "-s", "DOWNLOAD_DELAY=0"]
    env = {**os.environ, "http_proxy": proxy, "https_proxy": proxy, "SCRAPY_SETTINGS_MODULE": "newscrawl.settings"}
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=PATIENCE, check=False)


def records(data: Path) -> dict[str, dict[str, Any]]:
    found = {article.id: article.to_dict() for article in read_articles(sealed_files(data, "alwaha"))}
    for record in found.values():
        for name in _OF_THE_RUN:
            del record[name]
    return found


def test_replay_without_a_network_gives_the_same_records(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    with NewsServer(Newsroom(date(2026, 11, 20))) as server:
        crawled = crawl(server.proxy, first, "-s", "ARCHIVE=True")
    assert crawled.returncode == 0, crawled.stderr
    replayed = crawl("http://127.0.0.1:9", second, "-a", f"archive={first / 'archive'}")
    assert replayed.returncode == 0, replayed.stderr
    before, after = records(first), records(second)
    assert len(before) == 38
    for record in before.values():
        place = record["archive"]
        assert read_response(first / place["file"], place["offset"]).status == 200
        # Of another data directory's archive the full path is given.
        place["file"] = str(first / place["file"])
    assert after.keys() == before.keys()
    differing = {
        name: (record[name], after[id_][name])
        for id_, record in before.items()
        for name in record
        if record[name] != after[id_][name]
    }
    assert differing == {}
