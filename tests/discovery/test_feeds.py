"""Feeds as publishers really send them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.discovery import feeds
from newscrawl.discovery.feeds import parse_feed
from newscrawl.discovery.hints import Clock, newest_first, read_language, read_title
from newscrawl.discovery.links import Link

URL = "https://paper.test/rss.xml"
NOW = datetime(2026, 8, 28, 12, tzinfo=UTC)
CLOCK = Clock(NOW, "Africa/Cairo")
CAIRO_SUMMER = timezone(timedelta(hours=3))
REAL = Path(__file__).parents[3] / "shared" / "realnews" / "feeds"


def read(text: str | bytes, charset: str | None = None) -> list[Link]:
    return parse_feed(text.encode() if isinstance(text, str) else text, URL, clock=CLOCK, charset=charset)


def rss(*items: str, head: str = '<?xml version="1.0" encoding="utf-8"?>', names: str = "") -> str:
    inside = "".join(f"<item>{item}</item>" for item in items)
    channel = f"<channel><title>الصحيفة</title><language>ar-eg</language>{inside}</channel>"
    return f'{head}<rss version="2.0" {names}>{channel}</rss>'


def test_rss() -> None:
    (link,) = read(
        rss(
            "<title>افتتاح المكتبة</title><link>https://paper.test/story/1</link>"
            "<pubDate>Thu, 27 Aug 2026 09:33:00 +0300</pubDate><guid isPermaLink='false'>1 at paper</guid>"
        )
    )
    assert link == Link(
        "https://paper.test/story/1",
        title="افتتاح المكتبة",
        published=datetime(2026, 8, 27, 9, 33, tzinfo=CAIRO_SUMMER),
        language="ar-eg",
        origin="feed",
    )


def test_rdf() -> None:
    (link,) = read(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://paper.test/"><title>ا</title></channel>'
        '<item rdf:about="https://paper.test/story/2"><title>خبر</title>'
        "<dc:date>2026-08-27T09:00:00+03:00</dc:date><dc:language>ar</dc:language></item></rdf:RDF>"
    )
    assert (link.url, link.language) == ("https://paper.test/story/2", "ar")
    assert link.published == datetime(2026, 8, 27, 9, tzinfo=CAIRO_SUMMER)


def test_atom() -> None:
    (link,) = read(
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ar" xml:base="https://paper.test/news/"><entry>'
        '<title type="html">&lt;b&gt;خبر&lt;/b&gt; عاجل</title>'
        '<link rel="self" href="https://paper.test/api/3"/><link rel="alternate" type="text/html" href="story/3"/>'
        "<id>tag:paper.test,2026:3</id><published>2026-08-27T06:00:00Z</published><updated>2026-08-27T07:30:00Z</updated>"
        "</entry></feed>"
    )
    assert (link.url, link.title, link.language) == ("https://paper.test/news/story/3", "خبر عاجل", "ar")
    assert link.published == datetime(2026, 8, 27, 6, tzinfo=UTC)
    assert link.modified == datetime(2026, 8, 27, 7, 30, tzinfo=UTC)


def test_the_newest_comes_first_and_the_undated_last() -> None:
    links = read(
        rss(
            "<link>/old</link><pubDate>Mon, 24 Aug 2026 09:00:00 GMT</pubDate>",
            "<link>/undated</link>",
            "<link>/new</link><pubDate>Thu, 27 Aug 2026 09:00:00 GMT</pubDate>",
        )
    )
    assert [link.url.rsplit("/")[-1] for link in links] == ["new", "old", "undated"]


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ("<link>/story/4</link>", "https://paper.test/story/4"),
        ("<link>\n   https://paper.test/story/4\n  </link>", "https://paper.test/story/4"),
        ("<link><![CDATA[https://paper.test/s?id=4&cat=1]]></link>", "https://paper.test/s?id=4&cat=1"),
        ("<link/><guid>https://paper.test/story/4</guid>", "https://paper.test/story/4"),
        ("<guid isPermaLink='true'>https://paper.test/story/4</guid>", "https://paper.test/story/4"),
        ("<link href='https://paper.test/story/4'/>", "https://paper.test/story/4"),
        ("<link>https://paper.test/خبر/4</link>", "https://paper.test/خبر/4"),
    ],
)
def test_links_in_all_their_forms(item: str, url: str) -> None:
    assert [link.url for link in read(rss(item))] == [url]


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ("<title>بلا رابط</title>", "no-link"),
        ("<guid isPermaLink='false'>https://paper.test/4</guid>", "no-link"),
        ("<guid>4</guid>", "no-link"),
        ("<link>javascript:x</link>", "not-http"),
        ("<link>http://[</link>", "malformed"),
    ],
)
def test_an_item_without_a_link_costs_only_itself_and_is_told(item: str, reason: str) -> None:
    told: list[str] = []
    links = parse_feed(rss(item, "<link>/story/5</link>").encode(), URL, clock=CLOCK, skip=told.append)
    assert [link.url for link in links] == ["https://paper.test/story/5"]
    assert told == [reason]


def test_five_thousand_items_are_read() -> None:
    told: list[str] = []
    items = [f"<link>/story/{number}</link>" for number in range(5002)]
    assert len(parse_feed(rss(*items).encode(), URL, clock=CLOCK, skip=told.append)) == 5000
    assert told == ["too-many"] * 2
    assert feeds.MAX_BYTES == 16 << 20


def test_items_beyond_the_limit_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "MAX_ITEMS", 2)
    told: list[str] = []
    items = [f"<link>/story/{number}</link>" for number in range(5)]
    assert len(parse_feed(rss(*items).encode(), URL, clock=CLOCK, skip=told.append)) == 2
    assert told == ["too-many"] * 3


@pytest.mark.parametrize(
    "broken",
    [
        "<title>أ & ب</title><link>https://paper.test/x?a=1&b=2</link>",
        "<title>بلا نهاية<link>/x</link>",
        "<title>جدول <br> وصورة <img src=x></title><link>/x</link>",
        "<title>رمز \x1a محظور \x0b</title><link>/x</link>",
        "<media:title>سابقة بلا تعريف</media:title><link>/x</link>",
        "<title>&nbsp;&laquo;خبر&raquo;&bogus;</title><link>/x</link>",
        "<link>/x</link><pubDate>أمس الأول تقريبا</pubDate>",
        "<link>/x</link></wrong>",
    ],
)
def test_one_broken_item_does_not_lose_the_rest(broken: str) -> None:
    urls = {link.url for link in read(rss("<link>/first</link>", broken, "<link>/last</link>"))}
    assert {"https://paper.test/first", "https://paper.test/last"} <= urls


def test_a_bare_ampersand_keeps_the_link_whole() -> None:
    links = read(
        rss("<link>https://paper.test/x?a=1&b=2</link>", "<link><![CDATA[https://paper.test/y?a=1&b=2]]></link>")
    )
    assert [link.url for link in links] == ["https://paper.test/x?a=1&b=2", "https://paper.test/y?a=1&b=2"]


def test_a_feed_that_breaks_off_gives_what_came() -> None:
    whole = rss("<title>أول</title><link>/1</link>", "<title>ثان</title><link>/2</link>", "<link>/3</link>")
    assert [link.url[-1] for link in read(whole[: whole.index("/3")])] == ["1", "2"]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("&amp;quot;خبر&amp;quot;", '"خبر"'),
        ("<![CDATA[&quot;خبر&quot;]]>", '"خبر"'),
        ("&amp;#8220;خبر&amp;#8221;", "“خبر”"),
        ("&lt;b&gt;خبر&lt;/b&gt;", "خبر"),
        ("<![CDATA[ خبر\n   عاجل ]]>", "خبر عاجل"),
        ("&laquo;خبر&raquo;", "«خبر»"),
        ("الذهب &lt; 100", "الذهب < 100"),
        ("  ", None),
    ],
)
def test_titles_are_unescaped(written: str, shown: str | None) -> None:
    (link,) = read(rss(f"<title>{written}</title><link>/x</link>"))
    assert link.title == shown


def test_a_media_title_is_not_the_title() -> None:
    names = 'xmlns:media="http://search.yahoo.com/mrss/"'
    item = "<media:content><media:title>صورة</media:title></media:content><title>الخبر</title><link>/x</link>"
    assert read(rss(item, names=names))[0].title == "الخبر"


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("Thu, 27 Aug 2026 09:33:00 GMT", datetime(2026, 8, 27, 9, 33, tzinfo=UTC)),
        ("2026-08-27T09:33:00", datetime(2026, 8, 27, 9, 33, tzinfo=CAIRO_SUMMER)),
        ("2026-08-27T09:33:00.250Z", datetime(2026, 8, 27, 9, 33, 0, 250000, tzinfo=UTC)),
        ("2026-08-27", date(2026, 8, 27)),
        ("27 أغسطس 2026", date(2026, 8, 27)),
        ("الخميس، 27 أغسطس 2026 09:33 ص", datetime(2026, 8, 27, 9, 33, tzinfo=CAIRO_SUMMER)),
        ("", None),
        ("Thu, 99 Aug 2026 99:99:99 GMT", None),
        ("قريبا", None),
    ],
)
def test_dates_in_all_their_forms(written: str, read_as: object) -> None:
    (link,) = read(rss(f"<link>/x</link><pubDate>{written}</pubDate>"))
    assert link.published == read_as


def test_windows_1256() -> None:
    text = rss(
        "<title>عاجل: افتتاح المكتبة</title><link>/x</link>", head='<?xml version="1.0" encoding="windows-1256"?>'
    )
    assert read(text.encode("windows-1256"))[0].title == "عاجل: افتتاح المكتبة"


@pytest.mark.parametrize("before", ["\ufeff", "\n\n  ", "\ufeff\r\n ", "<!-- صفحة -->"])
def test_what_stands_before_the_declaration_is_passed_over(before: str) -> None:
    head = before if before.startswith("<!") else before + '<?xml version="1.0" encoding="utf-8"?>'
    assert len(read(rss("<link>/x</link>", head=head))) == 1


@pytest.mark.parametrize(
    "body", [b"", b"   ", b"not xml", b"<html><body><a href=/x>x</a></body></html>", b"\x00\xff\xfe", b"{}", b"<"]
)
def test_what_is_no_feed_has_no_links(body: bytes) -> None:
    assert read(body) == []


def test_entities_are_not_expanded() -> None:
    bomb = '<!DOCTYPE rss [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    (link,) = read(rss("<title>&b;&c;</title><link>/x</link>", head=bomb))
    assert "xxxx" not in (link.title or "")
    assert "root:" not in (link.title or "")


@given(st.binary(max_size=400))
def test_bytes_never_raise(body: bytes) -> None:
    read(body)
    read(b"<rss><channel><item><link>/x</link>" + body)


@given(st.text(max_size=60))
def test_no_text_in_an_item_loses_the_next(text: str) -> None:
    if "<" in text or "]]>" in text:
        return
    urls = {link.url for link in read(rss(f"<title>{text}</title><link>/x</link>", "<link>/y</link>"))}
    assert "https://paper.test/y" in urls


@pytest.mark.parametrize(
    ("name", "count", "host"),
    [("aksalser.com", 50, "www.aksalser.com"), ("almasryalyoum.com", 228, "www.almasryalyoum.com")],
)
def test_real_feeds(name: str, count: int, host: str) -> None:
    path = REAL / f"{name}.xml"
    if not path.exists():
        pytest.skip(f"{path} is not here: the real feed was not read")
    links = read(path.read_bytes())
    assert len(links) == count
    assert all(link.title and link.published and host in link.url for link in links)
    assert links == newest_first(links)


def test_languages() -> None:
    assert read_language(" ar-EG ") == "ar-EG"
    assert read_language("العربية") is None
    assert read_title(None) is None
