"""newscrawl check on a paper that is well, and on the same paper broken in six ways."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from tests.spiders.site import Answer, Run, Site, crawl, story

ATTRIBUTES = """
feeds = ["http://paper.test/feed"]
sections = ["http://paper.test/news"]
"""


DATE = '<meta property="article:published_time" content="2026-11-28T08:00:00+02:00">'


def today(_number: int) -> str:
    """A feed's date of today."""
    return format_datetime(datetime.now(UTC))


@pytest.fixture
def site() -> Iterator[Site]:
    with Site().served() as served:
        for number in range(1, 6):
            served.page(f"/story/{number}", story(number).replace("<head>", f"<head>{DATE}"))
        served.feed([1, 2, 3, 4, 5], date=today)
        links = "".join(f'<li><a href="/story/{n}">عنوان الخبر رقم {n}</a></li>' for n in range(1, 6))
        served.page("/news", f"<html><body><ul>{links}</ul></body></html>")
        yield served


def check(site: Site, directory: Path) -> tuple[Run, dict[str, Any]]:
    """The run, and what it kept of the paper."""
    run = crawl(site, directory, "--json", command="check", attributes=ATTRIBUTES)
    (found,) = json.loads(run.stdout)
    (kept,) = (directory / "data" / "checks").glob("*.json")
    assert json.loads(kept.read_text("utf-8")) == [found]
    return run, found


def test_a_paper_that_is_well(site: Site, tmp_path: Path) -> None:
    run, found = check(site, tmp_path)
    assert run.code == 0, run.stderr
    assert found["problems"] == []
    assert [(each["kind"], each["links"], each["articles"]) for each in found["listings"]] == [
        ("feed", 5, 5),
        ("section", 5, 5),
    ]
    assert found["listings"][0]["newest"]
    assert len(found["articles"]) == 3
    assert all(each["layers"]["body"] == "rule" for each in found["articles"])
    assert found["robots"] == "read"
    # A handful of requests: robots.txt twice at most, two listings, three stories.
    assert len(site.seen) <= 8
    assert not (tmp_path / "data" / "articles").exists()


def feed_is_gone(site: Site) -> None:
    """The feed has moved."""
    site.pages["/feed"] = Answer(b"<html>404", 404)


def feed_is_frozen(site: Site) -> None:
    """Nobody feeds the feed any more."""
    site.feed([1, 2, 3], date=lambda _: "Mon, 03 Feb 2020 08:00:00 +0200")


def section_is_empty(site: Site) -> None:
    """The section has become a page about the paper."""
    site.page(
        "/news", "<html><body><p>صدرت الصحيفة أول مرة قبل سنين، وهي تصدر اليوم في المدينة القديمة.</p></body></html>"
    )


def addresses_have_changed(site: Site) -> None:
    """The stories have other addresses."""
    feed = site.pages["/feed"]
    assert isinstance(feed, Answer)
    site.xml("/feed", feed.body.replace(b"/story/", b"/a/"))
    site.page("/news", "<html><body><a href='/a/1'>عنوان الخبر</a></body></html>")


def stories_are_walled(site: Site) -> None:
    """A challenge stands before the stories."""
    wall = b"<html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>"
    for number in range(1, 6):
        site.pages[f"/story/{number}"] = Answer(wall, 403, {"cf-mitigated": "challenge", "Content-Type": "text/html"})


def pages_were_redesigned(site: Site) -> None:
    """The body stands elsewhere than the rules say."""
    for number in range(1, 6):
        page = site.pages[f"/story/{number}"]
        assert isinstance(page, Answer)
        site.page(f"/story/{number}", page.body.decode().replace("class='text'", "class='redesigned'"))


@pytest.mark.parametrize(
    ("break_it", "kinds"),
    [
        (feed_is_gone, {"unanswered"}),
        (feed_is_frozen, {"frozen"}),
        (section_is_empty, {"empty"}),
        (addresses_have_changed, {"no-article", "empty", "nothing"}),
        (stories_are_walled, {"wall"}),
        (pages_were_redesigned, {"rules"}),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_paper_that_is_broken(site: Site, tmp_path: Path, break_it: Callable[[Site], None], kinds: set[str]) -> None:
    break_it(site)
    run, found = check(site, tmp_path)
    assert run.code == 3, run.stderr
    assert {problem["kind"] for problem in found["problems"]} == kinds
    assert all(problem["advice"] and problem["told"] for problem in found["problems"])


def test_people_get_a_table_and_a_sentence_for_each_problem(site: Site, tmp_path: Path) -> None:
    feed_is_gone(site)
    run = crawl(site, tmp_path, command="check", attributes=ATTRIBUTES)
    assert run.code == 3
    assert "  http://paper.test/feed\n    answers with status 404: look whether the address opens" in run.stdout


def test_robots_are_obeyed(site: Site, tmp_path: Path) -> None:
    site.pages["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /story/\n")
    _, found = check(site, tmp_path)
    assert {problem["kind"] for problem in found["problems"]} == {"closed"}
    assert site.paths("/story/") == []
