"""What listings of a crawl lose, say, and cost: each fault of a listing against a real server on loopback."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from newscrawl.spiders.listings import BACKFILL_PAGES, MAX_SITEMAPS, SECTION_PAGES, SITEMAP_DEPTH
from tests.spiders.site import Answer, Run, Seen, Site, crawl

FEED = "feeds = ['http://paper.test/feed']"
MAP = "sitemaps = ['http://paper.test/map']"


@pytest.fixture
def site() -> Iterator[Site]:
    paper = Site()
    for number in range(1, 6):
        paper.article(number)
    with paper.served():
        yield paper


def rows(directory: Path) -> dict[str, tuple[str, int]]:
    """Status and attempts of every URL in the state."""
    database = sqlite3.connect(directory / "data" / "state.sqlite")
    found = database.execute("SELECT url, status, attempts FROM urls").fetchall()
    database.close()
    return {url.rpartition("/")[2]: (status, attempts) for url, status, attempts in found}


def body(site: Site, path: str = "/feed") -> bytes:
    answer = site.pages[path]
    assert isinstance(answer, Answer)
    return answer.body


def test_the_figures_are_those_of_the_security_page() -> None:
    """Five section pages, three levels of sitemaps, 2,000 sitemaps; on the way back to a day more pages."""
    assert (SECTION_PAGES, BACKFILL_PAGES, SITEMAP_DEPTH, MAX_SITEMAPS) == (5, 500, 3, 2000)


def test_one_emoji_as_half_characters_loses_nothing(site: Site, tmp_path: Path) -> None:
    site.feed([1, 2, 3, 4, 5])
    site.xml("/feed", body(site).replace("خبر 3<".encode(), "خبر &#55357;&#56832;<".encode()))
    run = crawl(site, tmp_path, attributes=FEED)
    assert (run.code, run.stat("stored")) == (0, 5)


def test_a_listing_that_raised_is_counted_and_the_run_says_so(site: Site, tmp_path: Path) -> None:
    site.feed([1, 2, 3])
    broken = """
    feeds = ['http://paper.test/feed']
    async def start(self):
        from newscrawl.discovery import feeds
        real = feeds.read_title
        def read_title(text):
            if text == 'خبر 2':
                raise RuntimeError(text)
            return real(text)
        feeds.read_title = read_title
        async for request in super().start():
            yield request
    """
    run = crawl(site, tmp_path, attributes=broken)
    assert run.stat("stored") == 2
    assert run.stat("skipped/error-RuntimeError") == 1
    assert run.code == 3
    assert "could not be read to their end (RuntimeError 1)" in run.sentence


def test_a_feed_that_came_in_part_is_counted_and_the_run_says_so(site: Site, tmp_path: Path) -> None:
    site.feed([1, 2, 3])
    whole = body(site)
    site.xml("/feed", whole.replace("<item><title>خبر 3".encode(), b"<!-- printed in 0.1 s <item><title>"))
    run = crawl(site, tmp_path, attributes=FEED)
    assert (run.code, run.stat("stored"), run.stat("skipped/broken-off")) == (3, 2, 1)
    assert "could not be read to their end (broken-off 1)" in run.sentence
    site.xml("/feed", whole)
    assert crawl(site, tmp_path, attributes=FEED).stat("stored") == 1


@pytest.mark.parametrize(
    "wrong",
    [
        b"http://paper.test./story/2",
        b"http://paper.test/story/2?x=" + b"a" * 2100,
        b"HTTP://PAPER.TEST/story/2",
        b"http://editor:secret@paper.test/story/2",
        b"http://paper.test/story/2;jsessionid=E460A97852FA769CD9AD",
        b"http://paper.test/story/2?PHPSESSID=0a1b2c3d4e5f60718293a4b5c6d7e8f9",
    ],
)
def test_a_wrong_address_holds_no_article_back(site: Site, tmp_path: Path, wrong: bytes) -> None:
    site.feed([1, 2])
    good = body(site)
    site.xml("/feed", good.replace(b"http://paper.test/story/2", wrong))
    first = crawl(site, tmp_path, attributes=FEED)
    stored = first.stat("stored")
    site.xml("/feed", good)
    second = crawl(site, tmp_path, "-s", "FAILED_RETRY_AFTER=0", attributes=FEED)
    assert stored + second.stat("stored") == 2
    assert rows(tmp_path)["2"][0] == "done"
    text = "".join(path.read_text() for path in (tmp_path / "data" / "articles").rglob("*.jsonl"))
    assert "secret" not in text + first.stderr


def test_an_address_that_is_too_long_is_counted_and_leaves_no_row(site: Site, tmp_path: Path) -> None:
    site.feed([1, 2])
    site.xml("/feed", body(site).replace(b"story/2", b"story/2?x=" + b"a" * 2100))
    run = crawl(site, tmp_path, attributes=FEED)
    assert run.stat("skipped/too-long") == 1
    assert list(rows(tmp_path)) == ["1"]
    assert "left_out: too-long 1" in run.stderr


def test_a_request_that_is_dropped_fails_its_row(site: Site, tmp_path: Path) -> None:
    site.feed([1, 2])
    (tmp_path / "dropping.py").write_text(
        "class Drop:\n"
        "    async def process_start(self, start):\n"
        "        async for request in start:\n"
        "            if '/story/2' not in request.url:\n"
        "                yield request\n"
    )
    run = crawl(site, tmp_path, "-s", 'SPIDER_MIDDLEWARES={"dropping.Drop": 1}', attributes=FEED)
    assert run.stat("failed/dropped") == 1
    assert rows(tmp_path) == {"1": ("done", 0), "2": ("failed", 1)}


def test_a_run_takes_in_no_more_new_articles_than_it_may(site: Site, tmp_path: Path) -> None:
    site.feed([1, 2, 3, 4, 5])
    run = crawl(site, tmp_path, "-s", "NEW_URLS_MAX=2", attributes=FEED)
    assert (run.stat("stored"), run.stat("skipped/too-many-new")) == (2, 3)
    assert "left_out: too-many-new 3" in run.stderr
    assert crawl(site, tmp_path, "-s", "NEW_URLS_MAX=2", attributes=FEED).stat("stored") == 2
    assert crawl(site, tmp_path, attributes=FEED).stat("stored") == 1


# Conditional requests


def conditional(site: Site, path: str, tag: str = '"1"') -> None:
    """Serve a listing that knows whether it has changed."""
    answer = site.pages[path]
    assert isinstance(answer, Answer)
    whole = Answer(answer.body, 200, {**answer.headers, "ETag": tag})
    site.pages[path] = lambda seen: Answer(b"", 304) if seen.headers.get("If-None-Match") == tag else whole


def asked(site: Site, path: str) -> list[str | None]:
    return [seen.headers.get("If-None-Match") for seen in site.seen if seen.path == path]


def test_listings_that_have_not_changed_are_not_read_again(site: Site, tmp_path: Path) -> None:
    site.feed([1, 2])
    site.xml("/map", "<urlset><url><loc>http://paper.test/story/3</loc></url></urlset>")
    site.page("/news", "<html><a href='/story/4'>خبر من القسم</a></html>")
    for path in ("/feed", "/map", "/news"):
        conditional(site, path)
    attributes = f"{FEED}\n{MAP}\nsections = ['http://paper.test/news']"
    first, second = (crawl(site, tmp_path, attributes=attributes) for _ in range(2))
    assert (first.stat("stored"), first.stat("listings/unchanged")) == (4, 0)
    assert (second.code, second.stat("listings/read"), second.stat("listings/unchanged")) == (0, 3, 3)
    for path in ("/feed", "/map", "/news"):
        assert asked(site, path) == [None, '"1"']


def test_last_modified_alone_will_do(site: Site, tmp_path: Path) -> None:
    site.feed([1])
    whole, day = site.pages["/feed"], "Thu, 27 Aug 2026 09:00:00 GMT"
    assert isinstance(whole, Answer)
    whole.headers["Last-Modified"] = day

    def answer(seen: Seen) -> Answer:
        return Answer(b"", 304) if seen.headers.get("If-Modified-Since") == day else whole

    site.pages["/feed"] = answer
    crawl(site, tmp_path, attributes=FEED)
    assert crawl(site, tmp_path, attributes=FEED).stat("listings/unchanged") == 1


@pytest.mark.parametrize("narrow", [("-a", "since=2020-01-01"), ("-a", "until=2020-01-01")])
def test_a_narrowed_crawl_neither_quotes_nor_keeps(site: Site, tmp_path: Path, narrow: tuple[str, str]) -> None:
    site.feed([1, 2], date=lambda _: "Thu, 27 Aug 2026 09:00:00 GMT")
    conditional(site, "/feed")
    crawl(site, tmp_path, *narrow, attributes=FEED)
    assert crawl(site, tmp_path, attributes=FEED).stat("listings/unchanged") == 0
    crawl(site, tmp_path, *narrow, attributes=FEED)
    assert asked(site, "/feed") == [None, None, None]
    assert set(rows(tmp_path)) == {"1", "2"}


def test_what_was_left_out_is_not_hidden_behind_a_304(site: Site, tmp_path: Path) -> None:
    site.feed([1, 2, 3])
    conditional(site, "/feed")
    crawl(site, tmp_path, "-s", "NEW_URLS_MAX=2", attributes=FEED)
    assert crawl(site, tmp_path, attributes=FEED).stat("stored") == 1
    assert asked(site, "/feed") == [None, None]


def test_another_declaration_reads_every_listing_again(site: Site, tmp_path: Path) -> None:
    site.page("/other/9", "<html></html>")
    site.xml("/feed", "<rss><item><link>http://paper.test/other/9</link></item></rss>")
    conditional(site, "/feed")
    crawl(site, tmp_path, attributes=FEED)
    crawl(site, tmp_path, attributes=f"{FEED}\narticle_url = r'/other/(?P<id>\\d+)'")
    assert asked(site, "/feed") == [None, None]
    assert "9" in rows(tmp_path)


def test_a_change_that_was_just_printed_is_not_hidden(site: Site, tmp_path: Path) -> None:
    now = format_datetime(datetime.now(UTC) - timedelta(seconds=1), usegmt=True)
    item = f"<item><link>http://paper.test/story/1</link><updated>{now}</updated></item>"
    site.xml("/feed", f"<rss>{item}</rss>")
    conditional(site, "/feed")
    crawl(site, tmp_path, "-s", "JUST_PRINTED=3600", attributes=FEED)
    site.xml("/feed", f"<rss>{item.replace(now, format_datetime(datetime.now(UTC), usegmt=True))}</rss>")
    conditional(site, "/feed", '"2"')
    crawl(site, tmp_path, "-s", "JUST_PRINTED=3600", attributes=FEED)
    crawl(site, tmp_path, "-s", "JUST_PRINTED=3600", attributes=FEED)
    assert asked(site, "/feed") == [None, '"1"', None]


def test_an_index_is_read_every_time(site: Site, tmp_path: Path) -> None:
    site.xml("/map", "<sitemapindex><sitemap><loc>http://paper.test/part</loc></sitemap></sitemapindex>")
    site.xml("/part", "<urlset><url><loc>http://paper.test/story/1</loc></url></urlset>")
    conditional(site, "/map")
    conditional(site, "/part")
    for _ in range(2):
        crawl(site, tmp_path, attributes=MAP)
    assert asked(site, "/map") == [None, None]
    assert asked(site, "/part") == [None, '"1"']


def test_a_day_later_every_listing_is_read_in_any_case(site: Site, tmp_path: Path) -> None:
    site.feed([1])
    conditional(site, "/feed")
    crawl(site, tmp_path, attributes=FEED)
    database = sqlite3.connect(tmp_path / "data" / "state.sqlite")
    database.execute("UPDATE listings SET read = read - 90000")
    database.commit()
    database.close()
    crawl(site, tmp_path, attributes=FEED)
    assert asked(site, "/feed") == [None, None]


def _set_back(directory: Path, **seconds: int) -> None:
    """Makes what the state knows of the listings so much older."""
    database = sqlite3.connect(directory / "data" / "state.sqlite")
    database.execute("UPDATE listings SET " + ", ".join(f"{name} = {name} - {by}" for name, by in seconds.items()))
    database.commit()
    database.close()


def test_a_feed_that_is_quiet_for_long_is_read_once_a_day(site: Site, tmp_path: Path) -> None:
    site.feed([1])
    crawl(site, tmp_path, attributes=FEED)
    _set_back(tmp_path, brought=15 * 86400)
    resting = crawl(site, tmp_path, attributes=FEED)
    assert (resting.code, resting.stat("listings/resting")) == (0, 1)
    assert "has brought nothing new since" in resting.stderr
    assert len(asked(site, "/feed")) == 1
    # A day later it is read, and what it brings makes it one like all others.
    site.feed([1, 2])
    _set_back(tmp_path, visited=86400, read=86400)
    assert crawl(site, tmp_path, attributes=FEED).stat("stored") == 1
    assert crawl(site, tmp_path, attributes=FEED).stat("listings/resting") == 0


# Headlines


def test_a_headline_that_changed_in_the_same_listing_makes_the_article_due(site: Site, tmp_path: Path) -> None:
    site.feed([1, 2])
    site.page("/news", "<html><a href='/story/1'>اسم آخر في القسم</a></html>")
    attributes = f"{FEED}\nsections = ['http://paper.test/news']"
    listed = body(site)
    crawl(site, tmp_path, attributes=attributes)
    site.xml("/feed", listed.replace("خبر 1<".encode(), "خبر ١ بعنوان آخر<".encode()))
    site.article(1, title="عنوان آخر لخبر الصحيفة الأول")
    changed = crawl(site, tmp_path, attributes=attributes)
    assert (changed.stat("versions"), site.paths("/story").count("/story/1")) == (1, 2)
    # Two headlines in turn: one visit a step.
    for text in (listed, listed.replace("خبر 1<".encode(), "خبر ١ بعنوان آخر<".encode())):
        site.xml("/feed", text)
        crawl(site, tmp_path, attributes=attributes)
    assert site.paths("/story").count("/story/1") == 2
    database = sqlite3.connect(tmp_path / "data" / "state.sqlite")
    database.execute("UPDATE urls SET first_seen = first_seen - 4000, next_visit = NULL")
    database.commit()
    database.close()
    site.xml("/feed", listed)
    crawl(site, tmp_path, attributes=attributes)
    assert site.paths("/story").count("/story/1") == 3
    assert site.paths("/story").count("/story/2") == 1


# One sentence each


def test_a_source_that_declares_no_listing_is_asked_what_it_offers(site: Site, tmp_path: Path) -> None:
    stories = "".join(f'<h2><a href="/story/{n}">عنوان الخبر رقم {n} في الصحيفة</a></h2>' for n in range(1, 7))
    site.page("/", f"<html><body><nav><a href='/desk'>محليات</a></nav>{stories}</body></html>")
    site.page("/desk", f"<html><body>{stories}<a href='/story/9'>عنوان الخبر رقم 9 في الصحيفة</a></body></html>")
    for number in (*range(1, 7), 9):
        site.article(number)
    home = 'home = "http://paper.test/"'
    run = crawl(site, tmp_path, attributes=home)
    assert (run.code, run.stat("stored")) == (0, 7), run.stderr
    again = crawl(site, tmp_path, attributes=home)
    assert (again.code, again.stat("stored"), again.stat("discovery/requests")) == (0, 0, 0), again.stderr


def test_a_source_that_offers_nothing(site: Site, tmp_path: Path) -> None:
    site.page("/", "<html><body><p>تحت الإنشاء</p></body></html>")
    run = crawl(site, tmp_path, attributes='home = "http://paper.test/"')
    assert run.code == 3
    assert run.sentence.startswith("newscrawl: paper: ")


@pytest.mark.parametrize("everything", ["all", "due"])
def test_a_source_without_a_place_that_nobody_named(site: Site, tmp_path: Path, everything: str) -> None:
    links = "".join(f'<a href="{site.article(n)}">عنوان الخبر رقم {n} في الصحيفة</a>' for n in range(1, 7))
    site.page("/", f"<html><body>{links}</body></html>")
    run = crawl(site, tmp_path, everything, attributes='home = "http://paper.test/"')
    assert (run.code, run.stat("stored")) == (0, 6), run.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("-s", "DOWNLOAD_DELEY=3"), "there is no setting DOWNLOAD_DELEY; did you mean DOWNLOAD_DELAY?"),
        (("-s", "NEAR_DUPLICATE=drop"), "there is no setting NEAR_DUPLICATE; did you mean NEAR_DUPLICATES?"),
        (("-s", "download_delay=3"), "there is no setting download_delay; did you mean DOWNLOAD_DELAY?"),
        (("-a", "limit="), "limit='' is no number of articles: write a whole number from 1 up"),
        (("-a", "limit=0"), "limit='0' is no number of articles: write a whole number from 1 up"),
    ],
)
def test_what_cannot_be_meant(site: Site, tmp_path: Path, arguments: tuple[str, str], said: str) -> None:
    run: Run = crawl(site, tmp_path, *arguments, attributes=FEED)
    assert (run.code, run.sentence) == (2, f"newscrawl: {said}")
    assert not site.seen


def test_a_setting_of_the_user_s_own_is_let_pass(site: Site, tmp_path: Path) -> None:
    site.feed([1])
    run = crawl(site, tmp_path, "-s", "MY_PROXY_POOL=x", attributes=FEED)
    assert run.code == 0
    assert json.loads(json.dumps(run.stats))["newscrawl/stored"] == 1


_SLOW = """
    feeds = ['http://paper.test/slow-feed', 'http://paper.test/feed']
    sitemaps = ['http://paper.test/map']
    sections = ['http://paper.test/section']
    from newscrawl.discovery.links import Link
    from newscrawl.spiders import listings

    def slow_feed(body, url, read=listings.parse_feed, **how):
        while "slow" in url:
            pass
        return read(body, url, **how)

    def slow_sitemap(*_, link=Link, **how):
        yield link("http://paper.test/story/3")
        while True:
            pass

    def slow_section(*_, **how):
        while True:
            pass

    listings.parse_feed, listings.parse_sitemap, listings.parse_section = slow_feed, slow_sitemap, slow_section
"""


def test_a_listing_that_takes_too_long_costs_no_other(site: Site, tmp_path: Path) -> None:
    site.feed([1, 2])
    site.xml("/slow-feed", "<rss/>")
    site.xml("/map", "<urlset/>")
    site.page("/section", "<a href='/story/4'>خبر</a>")
    run = crawl(site, tmp_path, "-s", "EXTRACT_TIMEOUT=3", attributes=_SLOW)
    assert run.stat("listings/raised/too-slow") == 3
    for listing in ("slow-feed", "map", "section"):
        assert f"cannot read the listing http://paper.test/{listing}: not read within 3 s" in run.stderr
    assert {url for url, (status, _) in rows(tmp_path).items() if status == "done"} == {"1", "2"}
    assert run.code == 3
