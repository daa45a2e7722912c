"""The papers' sites: every address answers, feeds and sitemaps are what their standards say, records know the pages."""

from __future__ import annotations

import gzip
import json
import re
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from lxml import etree, html

from newscrawl.arabic import clean
from newscrawl.demo import house_dates
from newscrawl.demo.newsroom import Newsroom
from newscrawl.demo.pieces import Piece
from newscrawl.demo.sites import SITES, AldifafSite, AlmarfaSite, AlwahaSite, Site, records

DAY = date(2026, 2, 11)
NOW = datetime(2026, 2, 12, 9, 30, tzinfo=UTC)
CHANGED = datetime(2026, 2, 12, 8, 0, tzinfo=UTC)
NEWSROOM = Newsroom(DAY)
BUILT = {kind.slug: kind(NEWSROOM, NOW) for kind in SITES}
RECORDS = records(NEWSROOM, NOW)
NS = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "n": "http://www.google.com/schemas/sitemap-news/0.9",
    "a": "http://www.w3.org/2005/Atom",
    "r": "http://purl.org/rss/1.0/",
}


def target(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def text_of_page(site: Site, piece: Piece) -> str:
    answer = site.answer(target(piece.url))
    assert answer.status == 200
    charset = "windows-1256" if site.slug == "alwaha" else "utf-8"
    return " ".join(html.fromstring(answer.body.decode(charset)).text_content().split())


@pytest.mark.parametrize("slug", [kind.slug for kind in SITES])
def test_every_record_stands_on_its_page(slug: str) -> None:
    site = BUILT[slug]
    for piece in site.pieces:
        page, record = text_of_page(site, piece), RECORDS[piece.url]
        for field in ("title", "subtitle", "section"):
            assert record[field] in page
        for paragraph in record["body"].split("\n"):
            assert paragraph in page
            assert clean(paragraph) == paragraph
        for name in [*record["authors"], *(image["caption"] for image in record["images"])]:
            assert name in page


@pytest.mark.parametrize("slug", [kind.slug for kind in SITES])
def test_pages_hold_what_must_not_get_into_the_body(slug: str) -> None:
    site = BUILT[slug]
    pages = [text_of_page(site, piece) for piece in site.pieces]
    assert any("اقرأ" in page for page in pages)
    assert any("تابعو" in page for page in pages)
    for page, piece in zip(pages, site.pieces, strict=True):
        assert "التعليقات" in page or "تعليقات القراء" in page
        assert sum(other.story.title in page for other in site.pieces if other is not piece) >= 5


def test_json_ld_comes_in_several_qualities() -> None:
    valid, broken, absent = 0, 0, 0
    for piece in BUILT["aldifaf"].pieces:
        page = BUILT["aldifaf"].answer(target(piece.url)).body.decode()
        script = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
        if script is None:
            absent += 1
            continue
        try:
            json.loads(script[1])
            valid += 1
        except ValueError:
            broken += 1
    assert min(valid, broken, absent) >= 7


def test_the_hand_made_paper_is_in_windows_1256_with_entities() -> None:
    site = BUILT["alwaha"]
    body = site.answer(target(site.pieces[0].url)).body
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")
    assert "جريدة الواحة" in body.decode("windows-1256")
    assert re.search(rb"&#16[34]\d;", body)


def test_listings_together_name_every_article() -> None:
    for site in BUILT.values():
        found: set[str] = set()
        for section in site.issue.paper.sections:
            number = 1
            while True:
                path = site.paths()["page"].format(slug=section.slug, n=number).replace("&amp;", "&")
                answer = site.answer(path)
                if answer.status != 200:
                    break
                charset = "windows-1256" if site.slug == "alwaha" else "utf-8"
                tree = html.fromstring(answer.body.decode(charset))
                found |= set(tree.xpath("//div[@class='card']//a/@href"))
                number += 1
        assert found == {piece.url for piece in site.pieces}


def test_feeds_and_sitemaps_are_well_formed_and_complete() -> None:
    aldifaf, almarfa, alwaha = BUILT["aldifaf"], BUILT["almarfa"], BUILT["alwaha"]
    rss = etree.fromstring(aldifaf.answer("/rss.xml").body)
    assert len(rss.findall("channel/item")) == 26
    index = etree.fromstring(aldifaf.answer("/sitemap.xml").body)
    assert [urlsplit(loc).path for loc in index.xpath("//s:loc/text()", namespaces=NS)] == [
        "/sitemap-news.xml",
        "/sitemap-archive.xml.gz",
    ]
    news = etree.fromstring(aldifaf.answer("/sitemap-news.xml").body)
    packed = aldifaf.answer("/sitemap-archive.xml.gz").body
    archive = etree.fromstring(gzip.decompress(packed))
    assert len(news.xpath("//n:publication_date", namespaces=NS)) == 20
    listed = news.xpath("//s:loc/text()", namespaces=NS) + archive.xpath("//s:loc/text()", namespaces=NS)
    assert set(listed) == {piece.url for piece in aldifaf.pieces}
    atom = etree.fromstring(almarfa.answer("/feed/atom/").body)
    assert len(atom.xpath("//a:entry/a:updated", namespaces=NS)) == 20
    rdf = etree.fromstring(alwaha.answer("/rdf.xml").body)
    assert len(rdf.xpath("//r:item", namespaces=NS)) == 20
    assert rdf.xpath("//r:item/r:title/text()", namespaces=NS)[0] == alwaha.pieces[0].story.title


def test_what_is_gone_moved_or_shortened() -> None:
    aldifaf, almarfa = BUILT["aldifaf"], BUILT["almarfa"]
    assert aldifaf.answer(target(aldifaf.issue.paper.url(AldifafSite.removed))).status == 404
    piece = aldifaf.pieces[0]
    bare = aldifaf.answer(f"/node/{piece.number}")
    assert (bare.status, bare.headers["Location"]) == (301, piece.url)
    former = re.findall(r"<link>([^<]+)</link>", almarfa.answer("/feed/").body.decode())[-1]
    moved = almarfa.answer(target(former))
    assert moved.status == 301
    assert almarfa.answer(target(moved.headers["Location"])).status == 200
    for site in BUILT.values():
        assert site.answer("/no/such/page").status == 404
        assert site.answer("/robots.txt").status == 200
        assert site.answer("/").status == 200


def test_a_later_edition_changes_one_story_and_says_so() -> None:
    later = Newsroom(DAY, [CHANGED])
    after = records(later, NOW)
    [changed] = later.changed_pieces()
    assert {url for url in after if after[url] != RECORDS[url]} == {changed.url}
    assert after[changed.url]["title"] != RECORDS[changed.url]["title"]
    assert after[changed.url]["modified_at"] == "2026-02-12T10:00:00+02:00"
    assert b"2026-02-12T10:00:00+02:00" in AldifafSite(later, NOW).answer("/sitemap-news.xml").body
    before, now = (kind.answer(target(changed.url)).etag for kind in (BUILT["aldifaf"], AldifafSite(later, NOW)))
    assert before != now
    twice = Newsroom(DAY, [CHANGED, CHANGED + timedelta(hours=1)])
    assert [piece.paper.slug for piece in twice.changed_pieces()] == ["aldifaf", "almarfa"]
    assert all(piece.wire is None for piece in twice.changed_pieces()), "a changed reprint may be none any more"
    assert Newsroom(DAY, [CHANGED] * 9).edition == 3
    assert AlmarfaSite(twice, NOW).answer("/feed/atom/").body.count(b"2026-02-12T09:00:00+00:00") == 1


@pytest.mark.parametrize(
    ("style", "written"),
    [
        (house_dates.dual, "الأربعاء 11 شباط/فبراير 2026 - 14:05"),
        (house_dates.levantine, "11 شباط 2026 14:05"),
        (house_dates.wordpress, "11 فبراير، 2026 2:05 م"),
        (house_dates.hijri, "الأربعاء ٢٣ شعبان ١٤٤٧هـ - ١١ فبراير ٢٠٢٦م، الساعة ١٤:٠٥"),
    ],
)
def test_house_styles(style: object, written: str) -> None:
    assert style(datetime(2026, 2, 11, 14, 5)) == written  # type: ignore[operator]


@pytest.mark.parametrize(
    ("days", "written"),
    [(0, "اليوم"), (1, "أمس"), (2, "منذ يومين"), (3, "منذ 3 أيام"), (11, "منذ 11 يوماً"), (100, "منذ 100 يوم")],
)
def test_relative_dates(days: int, written: str) -> None:
    now = datetime(2026, 2, 11, 14, 5, tzinfo=UTC)
    assert house_dates.relative(now - timedelta(days=days), now) == written


def test_midnight_and_noon_on_a_twelve_hour_clock() -> None:
    assert house_dates.wordpress(datetime(2026, 2, 11, 0, 5)).endswith("12:05 ص")
    assert house_dates.wordpress(datetime(2026, 2, 11, 12, 5)).endswith("12:05 م")


def test_pages_that_show_only_how_many_days_ago() -> None:
    site = BUILT[AlwahaSite.slug]
    days_only = [piece for piece in site.pieces if len(RECORDS[piece.url]["published_at"]) == 10]
    assert len(days_only) >= 3
    for piece in days_only:
        assert RECORDS[piece.url]["published_raw"] in text_of_page(site, piece)
