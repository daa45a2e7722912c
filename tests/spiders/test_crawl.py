"""NewsSpider over real HTTP: what is fetched, what is not, and what the state says of it."""

from __future__ import annotations

import gzip
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newscrawl.discovery.identity import article_id
from newscrawl.items import Article
from newscrawl.program import VERSION
from newscrawl.storage import State, UrlRow, read_articles
from newscrawl.storage.rows import to_database
from newscrawl.storage.schema import urls
from tests.patience import PATIENCE
from tests.spiders.site import Answer, Seen, Site, crawl, story

FEED = 'feeds = ["http://paper.test/feed"]'
MEGABYTE = 1024


@pytest.fixture
def site() -> Iterator[Site]:
    with Site().served() as served:
        yield served


def row(directory: Path, number: int | str) -> UrlRow | None:
    state = State(f"sqlite:///{directory / 'data' / 'state.sqlite'}")
    try:
        return state.get("paper", article_id("paper", f"id={number}"))
    finally:
        state.close()


def stored(directory: Path) -> list[Article]:
    return list(read_articles(sorted((directory / "data" / "articles").rglob("*.jsonl"))))


def test_known_articles_are_not_fetched_again(site: Site, tmp_path: Path) -> None:
    for number in range(1000, 1010):
        site.article(number)
    site.feed(list(range(1000, 1010)))
    first = crawl(site, tmp_path, "-O", "out.jsonl", attributes=FEED)
    assert first.code == 0, first.stderr
    assert (first.stat("stored"), first.stat("links/feed")) == (10, 10)
    assert sorted(site.paths()) == ["/feed", *(f"/story/{n}" for n in range(1000, 1010))]
    agent = site.seen[-1].headers
    assert agent["User-Agent"].startswith("newscrawl/")
    assert agent["Accept-Language"] == "ar"
    assert "Cookie" not in agent

    lines = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    exported = [Article.from_dict(json.loads(line)) for line in lines]
    assert sorted(a.to_json() for a in exported) == sorted(a.to_json() for a in stored(tmp_path))
    assert any("عنوان الخبر رقم 1003" in line for line in lines), "Arabic must not be escaped"
    assert exported[0].source == "paper"
    assert exported[0].first_seen_at

    site.seen.clear()
    second = crawl(site, tmp_path, attributes=FEED)
    assert second.code == 0, second.stderr
    assert site.paths() == ["/feed"]
    assert (second.stat("stored"), second.stat("skipped/known")) == (0, 10)


def make_due(directory: Path) -> None:
    """Sets every next visit into the past, also of what was published too long ago to be visited again."""
    with sqlite3.connect(directory / "data" / "state.sqlite") as database:
        database.execute("UPDATE urls SET next_visit = 0")


def test_revisits_are_conditional_and_changes_become_versions(site: Site, tmp_path: Path) -> None:
    def conditional(seen: Seen) -> Answer:
        if seen.headers.get("If-None-Match") == '"v1"':
            return Answer(status=304)
        return Answer(story(1).encode(), 200, {"ETag": '"v1"', "Last-Modified": "Thu, 27 Aug 2026 09:00:00 GMT"})

    site.pages["/story/1"] = conditional
    site.article(2)
    site.article(3)
    site.feed([1, 2, 3])
    assert crawl(site, tmp_path, attributes=FEED).stat("stored") == 3
    make_due(tmp_path)
    site.article(2, "عنوان آخر لخبر تغير بعد النشر")
    site.seen.clear()
    # Revisits come from the state: no listing names the articles any more.
    site.feed([])
    again = crawl(site, tmp_path, attributes=FEED)
    assert sorted(site.paths("/story/")) == ["/story/1", "/story/2", "/story/3"], again.stderr
    asked = next(s for s in site.seen if s.path == "/story/1").headers
    assert (asked["If-None-Match"], asked["If-Modified-Since"]) == ('"v1"', "Thu, 27 Aug 2026 09:00:00 GMT")
    assert (again.stat("unchanged"), again.stat("versions")) == (2, 1)
    versions = sorted((a.id, a.version) for a in stored(tmp_path))
    assert [v for i, v in versions if i == article_id("paper", "id=2")] == [1, 2]


def test_a_later_date_of_change_makes_a_known_article_due(site: Site, tmp_path: Path) -> None:
    def sitemap(moment: str) -> str:
        urls = "".join(f"<url><loc>http://paper.test/story/{n}</loc><lastmod>{moment}</lastmod></url>" for n in (1, 2))
        return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'

    attributes = 'sitemaps = ["http://paper.test/sitemap.xml"]'
    site.article(1)
    site.article(2)
    site.xml("/sitemap.xml", sitemap("2026-01-01T00:00:00Z"))
    crawl(site, tmp_path, attributes=attributes)
    site.seen.clear()
    # Nothing is newer than what was fetched, and a date in the future is none.
    for moment in ("2026-01-02", "2199-01-01"):
        site.xml("/sitemap.xml", sitemap(moment))
        assert crawl(site, tmp_path, attributes=attributes).stat("skipped/known") == 2
    assert site.paths() == ["/sitemap.xml"] * 2
    site.xml("/sitemap.xml", sitemap(datetime.now(UTC).isoformat()))
    changed = crawl(site, tmp_path, "-s", "JUST_PRINTED=0", attributes=attributes)
    assert changed.stat("unchanged") == 2
    assert set(site.paths("/story")) == {"/story/1", "/story/2"}


def test_every_end_of_a_request_is_written_down(site: Site, tmp_path: Path) -> None:
    site.article(1)
    site.pages["/story/2"] = Answer(b"gone", 410)
    site.pages["/story/3"] = Answer(b"oops", 500)
    site.pages["/story/4"] = Answer(b"%PDF-1.7 \x00\x01", 200, {"Content-Type": "application/pdf"})
    site.pages["/story/5"] = Answer(b"", 301, {"Location": "/story/1"})
    site.pages["/story/6"] = Answer(b"", 302, {"Location": "/section/news"})
    site.page("/section/news", "<html><body><h1>أخبار</h1><p>آخر الأخبار من القسم</p></body></html>")
    site.pages["/story/7"] = Answer(b"", 301, {"Location": "/story/8"})
    site.article(8)
    site.page("/story/9", "<html><head><title>فارغ</title></head><body></body></html>")
    site.feed([1, 2, 3, 4, 5, 6, 7, 9, 404])
    run = crawl(site, tmp_path, attributes=FEED)
    outcomes = {}
    for number in (1, 2, 3, 4, 5, 6, 7, 8, 404):
        found = row(tmp_path, number)
        assert found is not None
        outcomes[number] = (found.status, found.reason)
    assert outcomes == {
        1: ("done", None),
        2: ("gone", "http-410"),
        3: ("failed", "http-500"),
        4: ("gone", "not-a-page"),
        5: ("alias", None),
        6: ("gone", "redirected-away"),
        7: ("alias", None),
        8: ("done", None),
        404: ("gone", "http-404"),
    }
    nine = row(tmp_path, 9)
    assert nine is not None
    assert nine.status in ("failed", "gone")
    assert {a.url for a in stored(tmp_path)} == {"http://paper.test/story/1", "http://paper.test/story/8"}
    assert (run.stat("aliases"), run.stat("failed/http-500"), run.stat("gone/http-404")) == (2, 1, 1)

    site.seen.clear()
    crawl(site, tmp_path, attributes=FEED)
    assert site.paths("/story") == [], "what has ended is not asked for again before its time"


def test_an_error_of_ours_is_not_repeated_at_once(site: Site, tmp_path: Path) -> None:
    site.article(1)
    site.feed([1])
    broken = """
    feeds = ["http://paper.test/feed"]
    def parse(self, response):
        raise RuntimeError("broken")
    """
    crawl(site, tmp_path, attributes=broken)
    found = row(tmp_path, 1)
    assert found is not None
    assert (found.status, found.reason) == ("failed", "error-RuntimeError")


def test_a_field_that_raises_is_counted_and_loses_no_article(site: Site, tmp_path: Path) -> None:
    for number in range(1000, 1003):
        site.article(number)
    site.feed([1000, 1001, 1002])
    broken = """
    feeds = ["http://paper.test/feed"]
    def fill(self, loader):
        loader._people = None
    """
    run = crawl(site, tmp_path, attributes=broken)
    assert [article.provenance["authors"] for article in stored(tmp_path)] == ["error"] * 3
    assert run.stat("field-error/authors") == 3
    assert "field_errors" in run.stdout + run.stderr


def test_since_until_and_limit(site: Site, tmp_path: Path) -> None:
    for day in range(20, 28):
        site.article(day)
    site.feed(list(range(20, 28)), date=lambda day: f"{day} Aug 2026 10:00:00 +0300")
    window = crawl(site, tmp_path, "-a", "since=22 أغسطس 2026", "-a", "until=2026-08-24", attributes=FEED)
    assert window.code == 0, window.stderr
    assert sorted(site.paths("/story")) == ["/story/22", "/story/23", "/story/24"]
    assert (window.stat("skipped/older"), window.stat("skipped/newer")) == (2, 3)

    site.seen.clear()
    limited = crawl(site, tmp_path, "-a", "limit=2", attributes=FEED)
    # Both are on their way at once, in whichever order they arrive.
    assert sorted(site.paths("/story")) == ["/story/26", "/story/27"], "the newest come first"
    assert limited.stat("stored") == 2
    # What the limit left over is fetched by the next run, unless it is out of range.
    site.seen.clear()
    crawl(site, tmp_path, "-a", "since=2026-08-21", attributes="")
    assert sorted(site.paths("/story")) == ["/story/21", "/story/25"]


def test_limit_counts_articles_and_not_failures(site: Site, tmp_path: Path) -> None:
    site.article(1)
    site.feed([3, 2, 1], date=lambda n: f"{20 + n} Aug 2026 10:00:00 GMT")
    run = crawl(site, tmp_path, "-a", "limit=1", attributes=FEED)
    assert site.paths("/story") == ["/story/3", "/story/2", "/story/1"]
    assert run.stat("stored") == 1


def test_limit_takes_the_next_of_a_file_when_one_fails(site: Site, tmp_path: Path) -> None:
    site.article(2)
    site.article(3)
    (tmp_path / "urls.txt").write_text("\n".join(f"http://paper.test/story/{n}" for n in (1, 2, 3)))
    run = crawl(site, tmp_path, "-a", "urls=urls.txt", "-a", "limit=1")
    assert site.paths() == ["/story/1", "/story/2"]
    assert run.stat("stored") == 1


def test_a_file_of_urls(site: Site, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        site.article(number)
    site.feed([3])
    (tmp_path / "urls.txt").write_text(
        "\ufeff# يوم الخميس\nhttp://paper.test/story/1\n\nhttp://www.paper.test/story/1?utm_source=x\n"
        "http://paper.test/story/2 \nhttps://other.test/story/9\nhttp://paper.test/about\nnonsense\n",
        encoding="utf-8",
    )
    run = crawl(site, tmp_path, "-a", "urls=urls.txt", attributes=FEED)
    assert run.code == 0, run.stderr
    assert sorted(site.paths()) == ["/story/1", "/story/2"]
    assert (run.stat("stored"), run.stat("skipped/offsite"), run.stat("skipped/not-article")) == (2, 2, 1)
    again = crawl(site, tmp_path, "-a", "urls=urls.txt")
    assert (again.stat("stored"), again.stat("skipped/known")) == (0, 3)


def test_a_named_pipe_of_urls(site: Site, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    urls = "".join(site.article(number) + "\n" for number in (1, 2))
    writer = subprocess.Popen(["sh", "-c", 'printf %s "$1" > pipe', "sh", urls], cwd=tmp_path)
    try:
        run = crawl(site, tmp_path, "-a", "urls=pipe")
        assert (run.code, run.stat("stored"), writer.wait(PATIENCE)) == (0, 2, 0), run.stderr
    finally:
        writer.kill()


def test_a_file_without_a_url_of_the_source_is_a_failure(site: Site, tmp_path: Path) -> None:
    (tmp_path / "urls.txt").write_bytes(b"\xff\xfe\nhttps://other.example/1\n")
    run = crawl(site, tmp_path, "-a", "urls=urls.txt")
    assert run.code == 1
    assert run.sentence.endswith("paper: none of the lines of urls.txt is the URL of an article of its own")


def test_an_archive_is_replayed_without_network(site: Site, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        site.article(number)
    site.feed([1, 2, 3])
    (tmp_path / "live").mkdir()
    (tmp_path / "replay").mkdir()
    live = crawl(site, tmp_path / "live", "-s", "ARCHIVE=1", attributes=FEED)
    assert live.stat("stored") == 3
    articles = stored(tmp_path / "live")
    assert all(a.archive and a.archive.file.endswith(".warc.gz") for a in articles)
    site.seen.clear()
    replay = crawl(site, tmp_path / "replay", "-a", "archive=../live/data/archive", attributes=FEED)
    assert replay.code == 0, replay.stderr
    assert site.seen == []

    def told(article: Article) -> tuple[object, ...]:
        return article.id, article.title, article.body, article.content_hash

    assert sorted(map(told, stored(tmp_path / "replay"))) == sorted(map(told, articles))


def _bare(number: int) -> str:
    """A page that names neither title nor date."""
    paragraphs = story(number).partition("<div class='text'>")[2].partition("</div>")[0]
    return f"<html lang='ar'><body><article><div class='text'>{paragraphs}</div></article></body></html>"


def test_a_revisit_knows_what_only_the_feed_said(site: Site, tmp_path: Path) -> None:
    site.page("/story/1", _bare(1))
    site.feed([1], date=lambda _: "Thu, 27 Aug 2026 09:00:00 +0300")
    first = crawl(site, tmp_path, attributes=FEED)
    assert first.stat("stored") == 1, first.stderr
    make_due(tmp_path)
    again = crawl(site, tmp_path)
    assert (again.stat("unchanged"), again.stat("rejected/no-title")) == (1, 0), again.stderr
    before = row(tmp_path, 1)
    command = [sys.executable, "-c", "from newscrawl.commands.main import main; main()", "state", "rebuild"]
    done = subprocess.run(command, cwd=tmp_path, check=False)
    assert done.returncode == 0
    after = row(tmp_path, 1)
    assert before is not None
    assert after is not None
    assert after.hint == before.hint == {"title": "خبر 1", "published": "2026-08-27T09:00:00+03:00"}


def test_a_replay_has_the_hints_of_the_archived_listings(site: Site, tmp_path: Path) -> None:
    """The feed, packed and soon of other content, says what the pages do not."""

    def feed(*paths: str) -> None:
        items = "".join(
            f"<item><title>من القائمة {path[-1]}</title><link>http://paper.test{path}</link>"
            f"<pubDate>Thu, 27 Aug 2026 0{path[-1]}:00:00 +0300</pubDate></item>"
            for path in paths
        )
        packed = gzip.compress(f"<rss><channel>{items}</channel></rss>".encode())
        site.pages["/feed"] = Answer(packed, 200, {"Content-Type": "application/xml", "Content-Encoding": "gzip"})

    attributes = f"{FEED}\narticle_url = r'/(?:story|go)/(?P<id>\\d+)'\n{SECTIONS}"
    for number in (1, 2, 3):
        site.page(f"/story/{number}", _bare(number))
    # Another id than the story's, so that the hint must follow the redirect.
    site.pages["/go/22"] = Answer(b"", 301, {"Location": "/story/2"})
    site.page("/news", listing(range(3, 4), "2026-08-26"))
    (tmp_path / "live").mkdir()
    (tmp_path / "replay").mkdir()
    feed("/story/1", "/go/22")
    first = crawl(site, tmp_path / "live", "-s", "ARCHIVE=1", attributes=attributes)
    assert first.stat("stored") == 3, first.stderr
    feed("/story/1")
    crawl(site, tmp_path / "live", "-s", "ARCHIVE=1", attributes=attributes)

    def told(directory: Path) -> set[tuple[str, str | None, str | None, str | None]]:
        return {(a.id, a.title, a.published_at, a.provenance.get("title")) for a in stored(directory)}

    live = told(tmp_path / "live")
    assert {title for _, title, _, _ in live} == {"من القائمة 1", "من القائمة 2", "خبر 3"}
    site.seen.clear()
    replay = crawl(site, tmp_path / "replay", "-a", "archive=../live/data/archive", attributes=attributes)
    assert (replay.code, site.seen) == (0, []), replay.stderr
    assert told(tmp_path / "replay") == live
    again = crawl(site, tmp_path / "live", "-a", "archive=data/archive", attributes=attributes)
    assert (again.code, again.stat("unchanged"), again.stat("stored")) == (0, 3, 0), again.stderr


def test_what_a_listing_lists_without_a_usable_link_is_counted(site: Site, tmp_path: Path) -> None:
    good = f"<item><link>{site.article(1)}</link></item>"
    bad = "<item><title>بلا رابط</title></item><item><link>javascript:x</link></item><item><link>http://[</link></item>"
    site.xml("/feed", f"<rss><channel>{good}{bad}</channel></rss>")
    site.xml(
        "/map", "<urlset><url><loc>http://paper.test/story/1</loc></url><url><lastmod>2026</lastmod></url></urlset>"
    )
    run = crawl(site, tmp_path, attributes=f'{FEED}\nsitemaps = ["http://paper.test/map"]')
    assert run.code == 0, run.stderr
    assert run.stat("stored") == 1
    counts = {reason: run.stat(f"skipped/{reason}") for reason in ("no-link", "not-http", "malformed")}
    assert counts == {"no-link": 2, "not-http": 1, "malformed": 1}


SECTIONS = """
sections = ["http://paper.test/news"]
listing = Listing(item="li", page="?page={n}", second=2)
"""


def listing(numbers: range, day: str | None = None) -> str:
    when = f"<time datetime='{day}'></time>" if day else ""
    items = "".join(f"<li><a href='/story/{n}'>خبر {n}</a>{when}</li>" for n in numbers)
    return f"<html><body><ul>{items}</ul></body></html>"


def test_a_feed_may_be_served_from_elsewhere_but_not_its_articles(site: Site, tmp_path: Path) -> None:
    site.article(1)
    site.article(2)
    links = "".join(
        f"<item><link>{url}</link></item>" for url in ("http://paper.test/story/1", "http://feeds.test/story/2")
    )
    site.xml("/paper.xml", f"<rss><channel>{links}</channel></rss>")
    run = crawl(site, tmp_path, attributes='feeds = ["http://feeds.test/paper.xml"]')
    assert site.paths() == ["/paper.xml", "/story/1"]
    assert run.stat("skipped/offsite") == 1


def test_paging_goes_on_while_there_is_news(site: Site, tmp_path: Path) -> None:
    site.fallback = lambda path: Answer(story(int(path[7:])).encode()) if path.startswith("/story/") else None
    site.page("/news", listing(range(1, 4)))
    site.page("/news?page=2", listing(range(3, 6)))
    site.page("/news?page=3", listing(range(3, 6)))
    first = crawl(site, tmp_path, attributes=SECTIONS)
    assert first.code == 0, first.stderr
    assert site.paths("/news") == ["/news", "/news?page=2", "/news?page=3"], "a page without news is the last"
    assert first.stat("stored") == 5
    site.seen.clear()
    crawl(site, tmp_path, attributes=SECTIONS)
    assert site.paths() == ["/news"]


def test_since_ends_the_paging_and_endless_pages_are_bounded(site: Site, tmp_path: Path) -> None:
    def page(path: str) -> Answer | None:
        if not path.startswith("/news"):
            return None
        number = int(path.partition("page=")[2] or 1)
        day = f"2026-08-{max(1, 28 - number):02}" if number < 20 else "1999-01-01"
        return Answer(listing(range(number * 10, number * 10 + 3), day).encode())

    site.fallback = page
    crawl(site, tmp_path, "-a", "since=2026-08-24", "-a", "limit=1", attributes=SECTIONS)
    assert site.paths("/news")[-1] == "/news?page=5", "page 5 is of the 23rd"
    site.seen.clear()
    (tmp_path / "other").mkdir()
    crawl(site, tmp_path / "other", "-a", "limit=1", attributes=SECTIONS)
    assert len(site.paths("/news")) == 5


def test_archive_pages_are_visited_back_to_since(site: Site, tmp_path: Path) -> None:
    site.fallback = lambda path: Answer(story(int(path[7:])).encode()) if path.startswith("/story/") else None
    for day in (25, 26, 27):
        site.page(f"/archive/2026/08/{day}", listing(range(day * 10, day * 10 + 2)))
    attributes = 'archives = ["http://paper.test/archive/{date:%Y/%m/%d}"]'
    run = crawl(site, tmp_path, "-a", "since=2026-08-26", "-a", "until=2026-08-27", attributes=attributes)
    assert site.paths("/archive") == ["/archive/2026/08/27", "/archive/2026/08/26"]
    assert (run.stat("stored"), run.stat("links/archive")) == (4, 4)


def test_a_sitemap_index_that_contains_itself(site: Site, tmp_path: Path) -> None:
    inside = "".join(
        f"<sitemap><loc>{name}</loc></sitemap>" for name in ("/index.xml", "/deep.xml", "http://evil.test/x.xml")
    )
    site.xml("/index.xml", f"<sitemapindex>{inside}</sitemapindex>")
    site.xml(
        "/deep.xml",
        "<sitemapindex><sitemap><loc>/index.xml</loc></sitemap><sitemap><loc>/leaf.xml</loc></sitemap></sitemapindex>",
    )
    site.xml("/leaf.xml", "<urlset><url><loc>/story/1</loc></url></urlset>")
    site.article(1)
    run = crawl(site, tmp_path, attributes='sitemaps = ["http://paper.test/index.xml"]')
    assert sorted(site.paths()) == ["/deep.xml", "/index.xml", "/leaf.xml", "/story/1"]
    assert run.stat("stored") == 1


def test_what_robots_txt_closes_or_cannot_say_is_left_alone(site: Site, tmp_path: Path) -> None:
    site.article(1)
    site.feed([1])
    site.pages["/robots.txt"] = Answer(b"", 503)
    down = crawl(site, tmp_path, attributes=FEED)
    assert down.code == 1
    assert site.paths() == []
    site.pages["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /story/\n")
    closed = crawl(site, tmp_path, attributes=FEED)
    assert site.paths() == ["/feed"]
    assert closed.stat("stored") == 0


def _pending(number: int, now: datetime) -> UrlRow:
    identity, url = f"id={number}", f"http://paper.test/story/{number}"
    return UrlRow(
        "paper",
        article_id("paper", identity),
        url,
        identity,
        "pending",
        now,
        next_visit=now,
        hint={"origin": "sitemap"},
    )


def test_a_server_that_wants_no_visit_is_left_alone_with_the_rest_pending(site: Site, tmp_path: Path) -> None:
    site.feed(list(range(1, 301)))
    site.fallback = lambda path: Answer(b"", 503, {"Retry-After": "99999"}) if path.startswith("/story/") else None
    run = crawl(site, tmp_path, attributes=FEED)
    assert len(site.paths("/story")) < 40
    assert sum(1 for n in range(1, 301) if (found := row(tmp_path, n)) and found.status == "pending") > 250
    assert run.stats["scheduler/enqueued"] < 100


def test_memory_stays_flat_with_a_hundred_thousand_pending(site: Site, tmp_path: Path) -> None:
    state_file = tmp_path / "data" / "state.sqlite"
    state_file.parent.mkdir()
    state = State(f"sqlite:///{state_file}")
    now = datetime.now(UTC)
    state.discover("paper", "0" * 16, "http://paper.test/story/0", "id=0", now=now)
    state.commit()
    with state.engine.begin() as connection:
        for start in range(0, 100_000, 10_000):
            rows = (_pending(number, now) for number in range(start, start + 10_000))
            values = [dict(zip(urls.c.keys(), to_database(row, 1, None), strict=True)) for row in rows]
            connection.execute(urls.insert(), values)
    state.close()
    site.fallback = lambda path: Answer(story(int(path[7:])).encode()) if path.startswith("/story/") else None
    site.feed([0])
    run = crawl(site, tmp_path, "-a", "limit=150", attributes=FEED)
    assert run.code == 0, run.stderr
    assert run.stat("stored") == 150
    peak = run.stats["peak"]
    assert isinstance(peak, int)
    assert peak < 250 * MEGABYTE, "kilobytes of the largest resident set"


_SLOW = """
    feeds = ["http://paper.test/feed"]
    def fill(self, loader):
        while loader.page.url.endswith("/2"):
            pass
"""


def test_a_page_that_takes_too_long_waits_for_another_release(site: Site, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        site.article(number)
    site.feed([1, 2, 3])
    limit = ("-s", "EXTRACT_TIMEOUT=3")  # the first page takes the tables' reading, too
    run = crawl(site, tmp_path, *limit, attributes=_SLOW)
    assert {a.url for a in stored(tmp_path)} == {"http://paper.test/story/1", "http://paper.test/story/3"}
    assert run.stat("failed/too-slow") == 1
    (path,) = (tmp_path / "data" / "runs").glob("*.json")
    assert json.loads(path.read_text())["too_slow"] == ["http://paper.test/story/2"]
    assert "too slow: http://paper.test/story/2" in run.stderr
    found = row(tmp_path, 2)
    assert found is not None
    assert found.status == "failed"
    assert found.reason == f"too-slow {VERSION}"

    site.seen.clear()
    crawl(site, tmp_path, *limit, attributes=_SLOW)
    assert "/story/2" not in site.paths("/story"), "this release cannot read it"

    state = State(f"sqlite:///{tmp_path / 'data' / 'state.sqlite'}")
    state.wait("paper", found.id, "too-slow 0.0.1", now=datetime.now(UTC))
    state.commit()
    state.close()
    crawl(site, tmp_path, attributes=FEED)
    found = row(tmp_path, 2)
    assert found is not None
    assert (found.status, found.reason) == ("done", None), "another release may"
