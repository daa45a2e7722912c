"""Sitemaps, indexes and Google News sitemaps."""

from __future__ import annotations

import gzip
import tracemalloc
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.discovery import sitemaps
from newscrawl.discovery.hints import Clock
from newscrawl.discovery.links import Link
from newscrawl.discovery.sitemaps import Sitemap, parse_sitemap, wanted

URL = "https://paper.test/sitemap.xml"
CLOCK = Clock(datetime(2026, 8, 28, 12, tzinfo=UTC), "Africa/Cairo")
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def read(text: str | bytes) -> list[Link | Sitemap]:
    return list(parse_sitemap(text.encode() if isinstance(text, str) else text, URL, clock=CLOCK))


def urlset(*urls: str, names: str = NS) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><urlset {names}>'
        + "".join(f"<url>{u}</url>" for u in urls)
        + "</urlset>"
    )


def test_a_plain_sitemap() -> None:
    assert read(
        urlset("<loc> https://paper.test/a </loc><lastmod>2026-08-27</lastmod>", "<loc>/b?x=1&amp;y=2</loc>")
    ) == [
        Link("https://paper.test/a", modified=date(2026, 8, 27), origin="sitemap"),
        Link("https://paper.test/b?x=1&y=2", origin="sitemap"),
    ]


def test_entries_without_a_usable_link_are_told() -> None:
    told: list[str] = []
    bad = ("<lastmod>2026-08-27</lastmod>", "<loc>ftp://paper.test/a</loc>", "<loc>http://[</loc>")
    found = list(parse_sitemap(urlset(*bad, "<loc>/b</loc>").encode(), URL, clock=CLOCK, skip=told.append))
    assert found == [Link("https://paper.test/b", origin="sitemap")]
    assert told == ["no-link", "not-http", "malformed"]


def test_a_news_sitemap() -> None:
    entry = (
        "<loc>https://paper.test/a</loc><news:news><news:publication><news:name>الصحيفة</news:name>"
        "<news:language>ar</news:language></news:publication><news:publication_date>2026-08-27T09:33+03:00"
        "</news:publication_date><news:title><![CDATA[افتتاح &quot;المكتبة&quot;]]></news:title></news:news>"
    )
    (link,) = read(urlset(entry, names=f"{NS} {NEWS}"))
    assert link == Link(
        "https://paper.test/a",
        title='افتتاح "المكتبة"',
        published=datetime.fromisoformat("2026-08-27T09:33+03:00"),
        language="ar",
        origin="sitemap",
    )


def test_an_index() -> None:
    text = (
        f"<sitemapindex {NS}><sitemap><loc>https://paper.test/1.xml</loc><lastmod>2026-08-01T00:00:00Z</lastmod></sitemap>"
        "<sitemap><loc>2.xml.gz</loc></sitemap></sitemapindex>"
    )
    assert read(text) == [
        Sitemap("https://paper.test/1.xml", datetime(2026, 8, 1, tzinfo=UTC)),
        Sitemap("https://paper.test/2.xml.gz"),
    ]


def test_gzip_is_known_by_its_bytes_and_may_break_off() -> None:
    body = gzip.compress(urlset(*(f"<loc>/{n}</loc>" for n in range(2000))).encode())
    assert len(read(body)) == 2000
    assert 0 < len(read(body[: len(body) // 2])) < 2000


def test_without_a_namespace_or_with_a_foreign_one() -> None:
    assert len(read("<urlset><url><loc>https://paper.test/a</loc></url></urlset>")) == 1
    assert (
        len(
            read(
                '<s:urlset xmlns:s="http://www.google.com/schemas/sitemap/0.84"><s:url><s:loc>/a</s:loc></s:url></s:urlset>'
            )
        )
        == 1
    )


def test_the_place_of_a_picture_is_not_the_page() -> None:
    picture = (
        "<image:image><image:loc>https://cdn.paper.test/p.jpg</image:loc></image:image><loc>https://paper.test/a</loc>"
    )
    names = f'{NS} xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
    assert [link.url for link in read(urlset(picture, names=names))] == ["https://paper.test/a"]


@pytest.mark.parametrize(
    "broken",
    [
        "<loc></loc>",
        "<lastmod>2026</lastmod>",
        "<loc>ftp://paper.test/x</loc>",
        "<loc>/x?a=1&b=2</loc>",
        "<loc>/x</loc><lastmod>غدا</lastmod>",
        "<news:x>1</news:x>",
    ],
)
def test_one_broken_entry_does_not_lose_the_rest(broken: str) -> None:
    urls = [entry.url for entry in read(urlset("<loc>/first</loc>", broken, "<loc>/last</loc>"))]
    assert urls[0] == "https://paper.test/first"
    assert urls[-1] == "https://paper.test/last"


def test_a_text_sitemap() -> None:
    assert [e.url for e in read("\ufeffhttps://paper.test/a\r\nhttps://paper.test/b\nnonsense\n")] == [
        "https://paper.test/a",
        "https://paper.test/b",
    ]


@pytest.mark.parametrize("body", [b"", b"<html><p>x</p></html>", b"\x1f\x8bgarbage", b"<", b"not found"])
def test_what_is_no_sitemap_lists_nothing(body: bytes) -> None:
    assert read(body) == []


@given(st.binary(max_size=300))
def test_bytes_never_raise(body: bytes) -> None:
    read(body)
    read(f"<urlset {NS}><url><loc>/x</loc>".encode() + body)


def test_a_hundred_thousand_addresses_are_read() -> None:
    told: list[str] = []
    lines = "".join(f"https://paper.test/{number}\n" for number in range(100_002))
    assert sum(1 for _ in parse_sitemap(lines.encode(), URL, clock=CLOCK, skip=told.append)) == 100_000
    assert told == ["too-many"]
    assert sitemaps.MAX_BYTES == 100 << 20


def test_what_has_not_changed_since_holds_nothing_new_to_the_second() -> None:
    moment = datetime(2026, 8, 1, 12, tzinfo=UTC)
    changed = [Sitemap("/1", moment), Sitemap("/2", moment - timedelta(seconds=1))]
    assert wanted(changed, moment) == changed[:1]


def test_memory_stays_flat_and_the_number_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "MAX_URLS", 20_000)
    body = gzip.compress(urlset(*(f"<loc>https://paper.test/story/{n}</loc>" for n in range(20_500))).encode())
    count = 0
    tracemalloc.start()
    for _ in parse_sitemap(body, URL, clock=CLOCK):
        count += 1
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 20_000
    assert peak < 1_000_000


def test_an_index_is_walked_newest_first_and_only_as_far_as_needed() -> None:
    old, new = Sitemap("/old", date(2024, 1, 1)), Sitemap("/new", datetime(2026, 8, 1, tzinfo=UTC))
    undated = Sitemap("/undated")
    assert wanted([old, undated, new], None) == [undated, new, old]
    assert wanted([old, undated, new], datetime(2026, 1, 1, tzinfo=UTC)) == [undated, new]
