"""One crawl over every misbehaviour of the catalogue: each ends as the table says, and every good article is stored."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newscrawl.items import Article
from newscrawl.monitoring.terminal import terminal_safe
from newscrawl.storage import read_articles
from tests.faults import behaviours
from tests.faults.catalogue import Fault, faults
from tests.faults.document import document
from tests.faults.pages import story
from tests.faults.running import RunningServer
from tests.faults.server import BEHAVIOURS, DOMAIN
from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
MOST_MEMORY_MIB = 300
assert behaviours


def index_feed(ports: dict[str, int]) -> str:
    """A sound feed of all bad and good pages."""
    pages = [(fault, page) for fault in faults() if not fault.is_listing for page in ("1", "good")]
    items = "".join(f"<item><title>خبر</title><link>{fault.url(ports, page)}</link></item>" for fault, page in pages)
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{items}</channel></rss>'


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    directory = tmp_path_factory.mktemp("faults")
    with RunningServer(directory) as running:
        running.server.index = index_feed(running.ports)
        (directory / "ports.json").write_text(json.dumps(running.ports))
        arguments = [str(directory / name) for name in ("ports.json", "out.json", "data")]
        environment = {**os.environ, "SSL_CERT_FILE": str(running.root_certificate), "no_proxy": "*"}
        with (directory / "log").open("w") as log:
            finished = subprocess.run(
                [sys.executable, "-m", "tests.faults.crawl", *arguments],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
                timeout=2 * PATIENCE,
                check=False,
            )
        text = (directory / "log").read_text()
        assert finished.returncode == 0, text[-3000:]
        yield {
            **json.loads((directory / "out.json").read_text()),
            "log": text,
            "ports": running.ports,
            "hits": dict(running.server.hits),
            "hosts_seen": dict(running.server.hosts_seen),
            "articles": {slug_of(a.url): a for a in read_articles((directory / "data" / "articles").rglob("*.jsonl"))},
            "rows": rows_of(directory / "data"),
            "data": directory / "data",
        }


def slug_of(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2].removesuffix(".html")


def rows_of(data: Path) -> dict[str, tuple[str, str | None]]:
    """Status and reason of every URL in the state, by slug."""
    with sqlite3.connect(data / "state.sqlite") as database:
        return {
            slug_of(url): (status, reason)
            for url, status, reason in database.execute("SELECT url, status, reason FROM urls")
        }


def is_whole(article: Article, slug: str) -> bool:
    """Whether the stored text is the story that the page told, whatever came around it."""
    return (article.body or "").split("\n") == story(slug)[1]


PAGES = [fault for fault in faults() if not fault.is_listing]
LISTINGS = [fault for fault in faults() if fault.is_listing]


@pytest.mark.parametrize("fault", PAGES, ids=lambda fault: fault.name)
def test_every_page_ends_as_the_table_says(run: dict[str, Any], fault: Fault) -> None:
    slug = f"{fault.name}-1"
    outcome = run["outcomes"].get(fault.url(run["ports"], "1"))
    if fault.outcome == "stored":
        assert outcome is None
        assert is_whole(run["articles"][slug], slug)
    else:
        assert slug not in run["articles"]
        status, reason = run["rows"][slug]
        got = outcome or reason or status
        assert got.startswith("http-5") if fault.outcome == "http-5xx" else got == fault.outcome


@pytest.mark.parametrize("fault", [fault for fault in PAGES if fault.good], ids=lambda fault: fault.name)
def test_the_good_article_of_the_same_host_is_stored(run: dict[str, Any], fault: Fault) -> None:
    slug = f"{fault.name}-good"
    assert is_whole(run["articles"][slug], slug)


@pytest.mark.parametrize("fault", LISTINGS, ids=lambda fault: fault.name)
def test_a_bad_listing_gives_its_good_links(run: dict[str, Any], fault: Fault) -> None:
    found = [slug for slug in run["articles"] if re.fullmatch(rf"{fault.name}-\d+-good", slug)]
    assert f"stored:{len(found)}" == fault.outcome
    assert all(is_whole(run["articles"][slug], slug) for slug in found)


def test_the_catalogue_is_whole() -> None:
    named = {fault.name for fault in faults()}
    assert len(named) == len(faults()) >= 60
    ours = {name for name, behaviour in BEHAVIOURS.items() if ".behaviours." in behaviour.__module__}
    assert ours <= named


def test_the_documented_table_is_this_one() -> None:
    assert (ROOT / "docs" / "faults.md").read_text(encoding="utf-8") == document()


def test_memory_stays_bounded(run: dict[str, Any]) -> None:
    assert run["peak_mib"] < MOST_MEMORY_MIB


def test_nobody_else_was_asked_for_a_page(run: dict[str, Any]) -> None:
    strangers = {host for host in run["hosts_seen"] if not host.endswith(f".{DOMAIN}")}
    assert strangers <= {"elsewhere.test"}  # for robots.txt alone, where RFC 9309 allows it
    assert not [path for path in run["hits"] if "stolen" in path]


def test_tries_are_bounded(run: dict[str, Any]) -> None:
    assert max(run["hits"].values()) <= 6


def test_nothing_from_the_web_became_a_path(run: dict[str, Any]) -> None:
    names = {path.relative_to(run["data"]).parts[0] for path in run["data"].rglob("*")}
    assert names <= {
        "articles",
        "rejected",
        "archive",
        "runs",
        "state.sqlite",
        "state.sqlite-wal",
        "state.sqlite-shm",
        "locks",
        "metrics.prom",
    }


def test_the_log_is_safe_to_look_at(run: dict[str, Any]) -> None:
    assert not [c for c in run["log"] if c != "\n" and terminal_safe(c, keep_newlines=True) != c]


def test_every_record_is_one_line(run: dict[str, Any]) -> None:
    for path in (run["data"] / "articles").rglob("*.jsonl"):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert all(json.loads(line)["id"] for line in lines)


def test_the_run_ended_by_itself(run: dict[str, Any]) -> None:
    assert run["stats"]["finish_reason"] == "finished"
    assert "Traceback" not in run["log"]
