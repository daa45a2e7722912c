"""What a site reserves as a whole, before any page is asked for."""

from __future__ import annotations

import gzip
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import Response

from newscrawl.middlewares.reserved import ArchivedRights, RobotsRights, TdmRights
from newscrawl.storage import read_articles
from tests.spiders.site import Answer, Site, crawl

PAGE = "https://paper.test/story/1"


@pytest.mark.parametrize(
    ("robots", "expected"),
    [
        ("", []),
        ("User-agent: *\nDisallow: /", []),
        ("User-agent: GPTBot\nDisallow: /", ["robots-ai"]),
        ("user-agent: gptbot\ndisallow: /story", ["robots-ai"]),
        ("User-agent: GPTBot\nDisallow: /private", []),
        ("User-agent: GPTBot\nDisallow:", []),
        ("User-agent: GPTBot\nUser-agent: Googlebot\nDisallow: /", ["robots-ai"]),
        ("User-agent: Googlebot\nDisallow: /\n\nUser-agent: CCBot\nAllow: /", []),
        ("\ufeffUser-agent: ClaudeBot # a comment\nDisallow: /", ["robots-ai"]),
        ("User-agent: *\nContent-Signal: search=yes, ai-train=no\nAllow: /", ["ai-train=no"]),
        ("User-agent: *\nContent-Signal: search=yes,ai-input=no,ai-train=no", ["ai-input=no", "ai-train=no"]),
        ("Content-Signal: ai-train = no", ["ai-train=no"]),
        ("User-agent: Googlebot\nContent-Signal: ai-train=no", []),
        ("Content-Signal: ai-train=no\n\nUser-agent: newscrawl\nContent-Signal: search=no", ["search=no"]),
        ("User-agent: *\nContent-Usage: train-ai=n", ["ai-train=no"]),
        ("User-agent: *\nContent-Signal: ai-train=yes", []),
        ("# Content-Signal: ai-train=no", []),
        ("User-agent: YouBot\nDisallow: /\nUser-agent: *\nContent-Signal: ai-train=no", ["robots-ai", "ai-train=no"]),
    ],
)  # fmt: skip
def test_robots(robots: str, expected: list[str]) -> None:
    assert RobotsRights(robots.encode()).at(PAGE) == expected


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([{"location": "/", "tdm-reservation": 1}], True),
        ([{"location": "/", "tdm-reservation": 0}], False),
        ([{"location": "/story/", "tdm-reservation": 1}], True),
        ([{"location": "/photo/", "tdm-reservation": 1}], False),
        ([{"location": "*/1", "tdm-reservation": 1}], True),
        ([{"location": "/*/1$", "tdm-reservation": "1"}], True),
        ([{"location": "/story$", "tdm-reservation": 1}], False),
        ([{"location": "/story", "tdm-reservation": 0}, {"location": "/", "tdm-reservation": 1}], False),
        ([{"location": "/%73tory", "tdm-reservation": 1}], True),
        ([{"location": "/*t*1", "tdm-reservation": 1}], True),
        ([{"location": "/*t*1*1", "tdm-reservation": 1}], False),
        ([{"location": "/story/*1$", "tdm-reservation": 1}], True),
        ([{"location": "/story/1*1$", "tdm-reservation": 1}], False),
        ([{"location": "/*o*r$", "tdm-reservation": 1}], False),
        ([{"location": "/**", "tdm-reservation": 1}], True),
        ([], False),
        ([1, None, {"location": 3}, {"tdm-reservation": 1}], False),
        ({"location": "/", "tdm-reservation": 1}, False),
    ],
)
def test_tdmrep(rules: object, expected: bool) -> None:
    assert TdmRights(json.dumps(rules).encode()).at(PAGE) == (["tdm-reservation"] if expected else [])


@given(st.text("/ab*$", max_size=8), st.text("/ab", max_size=8))
def test_a_location_holds_as_an_expression_would(location: str, path: str) -> None:
    pattern = re.escape(f"/{location.removeprefix('/')}".removesuffix("$")).replace(r"\*", ".*")
    expected = re.match(pattern + ("$" if location.endswith("$") else ""), f"/{path}") is not None
    body = json.dumps([{"location": location, "tdm-reservation": 1}]).encode()
    assert bool(TdmRights(body).at(f"https://paper.test/{path}")) == expected


def test_no_location_takes_long_to_ask_for() -> None:
    """Seven stars took seconds, twenty the life of the universe."""
    rules = [{"location": "*a" * stars + "b", "tdm-reservation": 1} for stars in range(300)]
    start = time.process_time()
    assert TdmRights(json.dumps(rules).encode()).at(f"https://paper.test/{'a' * 2000}") == []
    assert time.process_time() - start < 2


@given(st.binary(max_size=200) | st.text("{[\"location:/*$,1tdm-reservation'}]", max_size=80).map(str.encode))
def test_no_body_is_an_error(body: bytes) -> None:
    assert TdmRights(body).at(PAGE) in ([], ["tdm-reservation"])
    assert set(RobotsRights(body).at(PAGE)) <= {*("robots-ai", "ai-train=no", "ai-input=no", "search=no")}


FEED = 'feeds = ["http://paper.test/feed"]'
ROBOTS = b"User-agent: *\nContent-Signal: search=yes, ai-train=no\nAllow: /\n\nUser-agent: GPTBot\nDisallow: /story/2\n"
TDMREP = json.dumps([{"location": "/story/3", "tdm-reservation": 1}]).encode()


@pytest.fixture
def site() -> Iterator[Site]:
    with Site().served() as served:
        served.pages["/robots.txt"] = Answer(ROBOTS)
        served.pages["/.well-known/tdmrep.json"] = Answer(TDMREP, headers={"Content-Type": "application/json"})
        for number in (1, 2, 3):
            served.article(number)
        served.feed([1, 2, 3])
        yield served


def restrictions(directory: Path) -> dict[str, list[str]]:
    """What the stored records say, by the last letter of their address."""
    files = sorted((directory / "data" / "articles").rglob("*.jsonl"))
    return {article.url[-1]: article.restrictions for article in read_articles(files)}


def test_records_say_what_the_site_reserves(site: Site, tmp_path: Path) -> None:
    run = crawl(site, tmp_path, attributes=FEED)
    assert run.code == 0, run.stderr
    assert restrictions(tmp_path) == {
        "1": ["ai-train=no"],
        "2": ["ai-train=no", "robots-ai"],
        "3": ["ai-train=no", "tdm-reservation"],
    }
    asked = [seen.path for seen in site.seen]
    assert asked.count("/robots.txt") == asked.count("/.well-known/tdmrep.json") == 1
    assert (run.stat("reserved/ai-train=no"), run.stat("reserved/robots-ai")) == (3, 1)
    (summary,) = (tmp_path / "data" / "runs").glob("*.json")
    assert json.loads(summary.read_text())["reserved"] == {"ai-train=no": 3, "robots-ai": 1, "tdm-reservation": 1}
    report = crawl(site, tmp_path, command="report")
    assert "paper: reserves ai-train=no, robots-ai, tdm-reservation" in report.stdout


@pytest.mark.parametrize(
    ("skipped", "left"), [("robots-ai", {"1", "3"}), ("tdm-reservation,robots-ai", {"1"}), ("ai-train=no", set())]
)
def test_what_is_reserved_is_left_out_and_counted(site: Site, tmp_path: Path, skipped: str, left: set[str]) -> None:
    run = crawl(site, tmp_path, "-s", f"SKIP_RESERVED={skipped}", attributes=FEED)
    assert set(restrictions(tmp_path)) == left
    assert {path[-1] for path in site.paths("/story/")} == left
    postponed = sum(int(str(n)) for name, n in run.stats.items() if "postponed/reserved-" in name)
    assert postponed == 3 - len(left)
    # Whoever changes his mind gets them: nothing is given up.
    again = crawl(site, tmp_path, attributes=FEED)
    assert set(restrictions(tmp_path)) == {"1", "2", "3"}, again.stderr


def test_a_page_may_reserve_itself(site: Site, tmp_path: Path) -> None:
    site.pages["/robots.txt"] = Answer(b"")
    site.article(1, **{"X-Robots-Tag": "noai"})
    run = crawl(site, tmp_path, "-s", "SKIP_RESERVED=noai", attributes=FEED)
    assert set(restrictions(tmp_path)) == {"2", "3"}
    assert run.stat("gone/reserved") == 1


def test_a_wrong_restriction_is_told_in_one_sentence(site: Site, tmp_path: Path) -> None:
    run = crawl(site, tmp_path, "-s", "SKIP_RESERVED=robots", attributes=FEED)
    assert run.code == 2
    assert "SKIP_RESERVED" in run.sentence


def test_a_section_that_is_reserved_does_not_end_the_crawl_of_the_others(site: Site, tmp_path: Path) -> None:
    closed = list(range(10, 40))
    rules = "".join(f"Disallow: /story/{number}\n" for number in closed)
    site.pages["/robots.txt"] = Answer(f"User-agent: GPTBot\n{rules}".encode())
    site.feed([*closed, 4, 5])
    for number in (4, 5):
        site.article(number)
    run = crawl(site, tmp_path, "-s", "SKIP_RESERVED=robots-ai", attributes=FEED)
    assert set(restrictions(tmp_path)) == {"4", "5"}
    assert run.stat("postponed/reserved-robots-ai") == len(closed)


def test_the_last_answer_before_a_page_counts() -> None:
    rights = ArchivedRights()
    robots = "https://paper.test/robots.txt"
    assert rights.at(PAGE) == []
    rights.take(Response(robots, body=b"User-agent: GPTBot\nDisallow: /story/"))
    rights.take(Response("https://other.test/.well-known/tdmrep.json", body=TDMREP))
    assert rights.at(PAGE) == ["robots-ai"]
    assert rights.at("https://other.test/story/3") == ["tdm-reservation"]
    rights.take(Response(robots, status=301, headers={"Location": "//www.paper.test/crawlers.txt"}))
    assert rights.is_about("https://www.paper.test/crawlers.txt")
    assert rights.at(PAGE) == []
    rights.take(Response("https://www.paper.test/crawlers.txt", body=b"Content-Signal: ai-train=no"))
    assert rights.at(PAGE) == ["ai-train=no"]
    rights.take(Response(robots, status=301, headers={"Location": robots}))
    assert rights.at(PAGE) == []
    rights.take(Response(robots, status=404, body=b"User-agent: GPTBot\nDisallow: /"))
    assert rights.at(PAGE) == []
    assert not rights.is_about(PAGE)


def replayed(site: Site, directory: Path, archive: Path, *arguments: str) -> dict[str, list[str]]:
    """What the records of a replay in a directory of its own say; nobody is asked for anything."""
    directory.mkdir()
    asked = len(site.seen)
    run = crawl(site, directory, "-a", f"archive={archive}", *arguments, attributes=FEED)
    assert run.code == 0, run.stderr
    assert len(site.seen) == asked
    return restrictions(directory)


def test_a_replay_takes_from_the_archive_what_was_reserved(site: Site, tmp_path: Path) -> None:
    data = tmp_path / "data"
    site.pages["/robots.txt"] = Answer(gzip.compress(ROBOTS), headers={"Content-Encoding": "gzip"})
    run = crawl(site, tmp_path, "-s", "ARCHIVE=True", attributes=FEED)
    assert run.code == 0, run.stderr
    crawled = restrictions(tmp_path)
    assert crawled["2"] == ["ai-train=no", "robots-ai"]
    # The paper changes its mind before a later crawl, which reads one story more.
    site.pages["/robots.txt"] = Answer(b"User-agent: ClaudeBot\nDisallow: /\n")
    site.pages["/.well-known/tdmrep.json"] = Answer(b"", 404)
    site.article(4)
    site.feed([1, 2, 3, 4])
    assert crawl(site, tmp_path, "-s", "ARCHIVE=True", attributes=FEED).code == 0
    crawled = restrictions(tmp_path)
    assert (crawled["3"], crawled["4"]) == (["ai-train=no", "tdm-reservation"], ["robots-ai"])
    assert replayed(site, tmp_path / "all", data / "archive") == crawled
    left_out = replayed(site, tmp_path / "free", data / "archive", "-s", "SKIP_RESERVED=robots-ai")
    assert set(left_out) == {"1", "3"}
