"""newscrawl check on the demo's newspaper group: all of it well, and one of its papers broken in six ways."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from newscrawl.demo.newsroom import Newsroom
from newscrawl.demo.server import NewsServer
from newscrawl.demo.sites import NOT_FOUND, Answer
from tests import forked

PAPERS = ["aldifaf", "almarfa", "alwaha"]
QUICK = ["DOWNLOAD_DELAY=0", "AUTOTHROTTLE_ENABLED=0", "GUARD_ALLOW_LOOPBACK=True", "RETRY_TIMES=0"]


class Broken(NewsServer):
    """The newspaper group, of which some addresses answer as `broken` says."""

    broken: dict[str, Callable[[Answer], Answer]]

    def answer(self, url: str, user_agent: str, unchanged: Callable[[Answer], bool]) -> Answer:
        answer = super().answer(url, user_agent, unchanged)
        return self.broken.get(url, lambda well: well)(answer)


@pytest.fixture
def newspaper() -> Newsroom:
    return Newsroom(datetime.now(UTC).date() - timedelta(days=1))


def stories(newsroom: Newsroom) -> list[str]:
    """The addresses of the first stories on the page of الضفاف's local desk."""
    return [piece.url for piece in reversed(newsroom.pieces["aldifaf"]) if piece.section.slug == "local"]


def six_faults(newsroom: Newsroom) -> tuple[dict[str, Callable[[Answer], Answer]], dict[str, str]]:
    """What has become of الضفاف's answers, and the kind of problem at each address."""
    paper = newsroom.papers["aldifaf"]
    feed, sitemap, section = map(paper.url, ("/rss.xml", "/sitemap.xml", "/section/local"))
    walled, redesigned, closed = stories(newsroom)[:3]
    wall = b"<html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>"
    closing = f"User-agent: *\nDisallow: {urlsplit(closed).path}\n"

    def rewritten(before: str, after: str) -> Callable[[Answer], Answer]:
        return lambda well: replace(well, body=re.sub(before, after, well.body.decode()).encode())

    answers: dict[str, Callable[[Answer], Answer]] = {
        feed: lambda _: NOT_FOUND,
        sitemap: lambda well: replace(well, body=b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'/>"),
        section: rewritten(r'<span class="date">[^<]+', '<span class="date">3 فبراير 2020'),
        walled: lambda _: Answer(403, wall, headers={"cf-mitigated": "challenge"}),
        redesigned: rewritten("field-name-body", "story-text"),
        paper.url("/robots.txt"): lambda well: replace(well, body=closing.encode()),
    }
    kinds = {feed: "unanswered", sitemap: "empty", section: "frozen"}
    return answers, {**kinds, walled: "wall", redesigned: "rules", closed: "closed"}


def check(
    newsroom: Newsroom,
    broken: dict[str, Callable[[Answer], Answer]],
    directory: Path,
    *words: str,
) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """The run over all three papers, and what was asked for."""
    settings = [part for value in QUICK for part in ("-s", value)]
    with Broken(newsroom) as server:
        server.broken = broken
        env = {**os.environ, "http_proxy": server.proxy, "no_proxy": "", "COLUMNS": "80"}
        argv = ["newscrawl", "check", *PAPERS, *words, *settings]
        done = forked.run(argv, cwd=directory, env=env)
        return done, [hit.url for hit in server.hits]


def found_in(directory: Path) -> dict[str, Any]:
    """What was kept, by source."""
    (kept,) = (directory / "data" / "checks").glob("*.json")
    return {found["source"]: found for found in json.loads(kept.read_text("utf-8"))}


def test_a_newspaper_group_that_is_well(newspaper: Newsroom, tmp_path: Path) -> None:
    done, asked = check(newspaper, {}, tmp_path, "--json")
    assert done.returncode == 0, done.stderr + done.stdout
    found = found_in(tmp_path)
    assert json.loads(done.stdout) == [found[name] for name in PAPERS]
    assert all(not found[name]["problems"] for name in PAPERS)
    # An index lists nothing itself: what its newest sitemap lists counts.
    index = next(each for each in found["aldifaf"]["listings"] if each["kind"] == "sitemap")
    assert (index["url"], index["links"], index["articles"]) == ("http://www.aldifaf.test/sitemap.xml", 20, 20)
    assert index["newest"]
    for name in PAPERS:
        assert len(found[name]["articles"]) == 3
        assert {"title", "body", "published_at"} <= found[name]["articles"][0]["layers"].keys()
        # robots.txt twice at most, the listings and one sitemap of an index, three stories.
        assert sum(f"{name}.test" in url for url in asked) == found[name]["requests"] + 1 <= 10


def test_one_paper_is_broken_in_six_ways(newspaper: Newsroom, tmp_path: Path) -> None:
    answers, kinds = six_faults(newspaper)
    done, _ = check(newspaper, answers, tmp_path, "--json")
    assert done.returncode == 3, done.stderr
    found = found_in(tmp_path)
    assert (found["almarfa"]["problems"], found["alwaha"]["problems"]) == ([], [])
    problems = found["aldifaf"]["problems"]
    assert {problem["where"]: problem["kind"] for problem in problems} == kinds
    assert len(problems) == 6
    assert all(problem["advice"] and problem["told"] for problem in problems)


def test_people_see_what_is_broken_and_what_is_well(newspaper: Newsroom, tmp_path: Path) -> None:
    answers, kinds = six_faults(newspaper)
    done, _ = check(newspaper, answers, tmp_path)
    assert done.returncode == 3, done.stderr
    lines = done.stdout.splitlines()
    assert [line.strip() for line in lines if line.startswith("  http")] == list(map(unquote, kinds))
    assert max(map(len, lines[:6])) <= 80
    rows = [line.split() for line in lines[3:6]]
    assert [(row[0], row[2], row[-2], row[-1]) for row in rows] == [
        ("aldifaf", "2/3", "1/3", "6"),
        ("almarfa", "4/4", "3/3", "none"),
        ("alwaha", "2/2", "3/3", "none"),
    ]
    assert "alwaha  title, body" in done.stdout
    assert done.stderr == ""
