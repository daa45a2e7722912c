"""Section pages, their paging, and archive pages by date."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from parsel import Selector

from newscrawl.discovery.archives import archive_pages
from newscrawl.discovery.hints import Clock
from newscrawl.discovery.links import Link
from newscrawl.discovery.page_links import _LONGEST_URL
from newscrawl.discovery.paging import next_page
from newscrawl.discovery.sections import MAX_LINKS, Listing, parse_section
from newscrawl.spiders.registry import publishers

URL = "https://paper.test/news/"
CLOCK = Clock(datetime(2026, 8, 28, 12, tzinfo=UTC), "Africa/Cairo")
TEMPLATES = Path(__file__).parents[3] / "shared" / "realnews" / "templates"

PAGE = """
<nav><a href="/about">من نحن</a> <a href="/story/1">الأكثر قراءة</a></nav>
<div class="card"><a href="/story/2"><img></a><h3><a href="/story/2?utm_source=home">افتتاح المكتبة</a></h3>
  <time datetime="2026-08-27T09:00:00+03:00">أمس</time></div>
<div class="card"><a href="https://www.paper.test/story/3#comments"><span>27/8</span><h2>معرض الكتاب</h2></a>
  <span class="when">26 أغسطس 2026</span></div>
<div class="card"><a href="https://other.test/story/4">إعلان</a><a href="mailto:x@paper.test">بريد</a><a>بلا</a></div>
<a class="older" href="?p=2">الأقدم</a>
"""


def read(html: str, listing: Listing) -> list[Link]:
    def owns(host: str) -> bool:
        return host == "paper.test" or host.endswith(".paper.test")

    pattern = re.compile(r"/story/(?P<id>\d+)")
    return parse_section(Selector(html), URL, listing=listing, article_url=pattern, owns=owns, clock=CLOCK)


def test_cards() -> None:
    first, second = read(PAGE, Listing(item=".card", date="time, .when"))
    assert (first.url, first.title) == ("https://paper.test/story/2", "افتتاح المكتبة")
    assert first.published == datetime.fromisoformat("2026-08-27T09:00:00+03:00")
    assert (second.url, second.title) == ("https://www.paper.test/story/3", "معرض الكتاب")
    assert second.published == date(2026, 8, 26)


@pytest.mark.parametrize(
    "headline",
    [
        "<h3>افتتاح<br>المكتبة</h3><p>بعد عامين من البناء</p>",
        "<h3><span>افتتاح</span><span>المكتبة</span></h3>",
        "<h3>افتتاح<!-- x --> المك<b>تبة</b></h3>",
        "<div>افتتاح</div><div>المكتبة</div>",
    ],
)
def test_words_of_a_headline_are_apart_where_tags_part_them(headline: str) -> None:
    (link,) = read(f'<div class="card"><a href="/story/2">{headline}</a></div>', Listing(item=".card"))
    assert link.title == "افتتاح المكتبة"


@pytest.mark.parametrize("listing", [Listing(), Listing(item=".gone-since-the-redesign")])
def test_without_cards_all_article_links_count_once(listing: Listing) -> None:
    assert [(link.url[-1], link.title) for link in read(PAGE, listing)] == [
        ("1", "الأكثر قراءة"),
        ("2", "افتتاح المكتبة"),
        ("3", "معرض الكتاب"),
    ]


def test_an_empty_page_has_no_links() -> None:
    assert read("<html></html>", Listing(item=".card")) == []


def test_paging() -> None:
    page = Selector(PAGE)
    section = "https://paper.test/news/رياضة"
    assert next_page(page, URL, section, 1, Listing()) is None
    assert next_page(page, URL, section, 1, Listing(next="a.older")) == "https://paper.test/news/?p=2"
    assert next_page(page, URL, section, 1, Listing(next="a.newer")) is None
    assert next_page(page, URL, section, 1, Listing(page="?page={n}", second=1)) == section + "?page=1"
    assert next_page(page, URL, section, 3, Listing(page="?page={n}", second=1)) == section + "?page=3"
    assert next_page(page, URL, "https://paper.test/s/65/1", 1, Listing(page="{n}")) == "https://paper.test/s/65/2"
    assert next_page(page, URL, "https://paper.test/s/", 2, Listing(page="page/{n}/")) == "https://paper.test/s/page/3/"


@pytest.mark.parametrize(
    ("name", "site", "url", "count", "dated"),
    [
        ("aawsat", "aawsat.com", "https://aawsat.com/الرأي", 4, False),
        ("independentarabia", "independentarabia.com", "https://www.independentarabia.com/ثقافة/سينما", 6, False),
        ("akhbaar24", "akhbaar24.com", "https://www.akhbaar24.com/محليات", 10, False),
        ("akhbaralaan", "akhbaralaan.net", "https://akhbaralaan.net/news/exclusive", 8, True),
    ],
)
def test_pages_built_like_the_real_ones(name: str, site: str, url: str, count: int, dated: bool) -> None:
    path = TEMPLATES / site / "listing.html"
    if not TEMPLATES.exists():
        pytest.skip(f"{TEMPLATES} is not here: the listing was not read")
    source = publishers()[name].source()
    assert source.article_url is not None
    links = parse_section(
        Selector(path.read_text(encoding="utf-8")),
        url,
        listing=publishers()[name].listing,
        article_url=source.article_url,
        owns=source.owns,
        clock=Clock(CLOCK.now, source.publisher.timezone),
    )
    assert len(links) == count
    assert all(link.title and source.owns(urlsplit(link.url).hostname or "") for link in links)
    assert all(link.published for link in links) is dated


def test_archive_pages_go_back_day_by_day() -> None:
    urls = list(archive_pages(["https://paper.test/{date:%Y/%m/%d}/"], date(2026, 2, 27), date(2026, 3, 1)))
    assert urls == [f"https://paper.test/2026/{day}/" for day in ("03/01", "02/28", "02/27")]


def test_archive_pages_of_a_month_come_once() -> None:
    pattern = "https://paper.test/{date.year}/{date.month}"
    assert list(archive_pages([pattern], date(2025, 12, 5), date(2026, 2, 3))) == [
        "https://paper.test/2026/2",
        "https://paper.test/2026/1",
        "https://paper.test/2025/12",
    ]
    assert list(archive_pages([pattern], date(2026, 2, 3), date(2026, 2, 2))) == []
    assert next(archive_pages([pattern], date.min, date(2026, 2, 2))) == "https://paper.test/2026/2"


def test_two_thousand_links_are_read() -> None:
    """The figure of SECURITY.md for a home page, too."""
    assert (MAX_LINKS, _LONGEST_URL) == (2000, 2000)
