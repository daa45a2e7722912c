"""Feeds and sitemaps with the errors that publishers' programs make: nothing that is listed is lost."""

from __future__ import annotations

import gzip
import zlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.discovery.feeds import parse_feed
from newscrawl.discovery.hints import Clock, read_title
from newscrawl.discovery.links import Link, joined, unheard
from newscrawl.discovery.sitemaps import Sitemap, parse_sitemap

URL = "https://paper.test/listing.xml"
CLOCK = Clock(datetime(2026, 8, 28, 12, tzinfo=UTC), "Africa/Cairo")
SEVEN = datetime(2026, 8, 27, 7, tzinfo=UTC)
SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"


def feed(text: str | bytes, told: list[str] | None = None) -> list[Link]:
    body = text.encode() if isinstance(text, str) else text
    return parse_feed(body, URL, clock=CLOCK, skip=unheard if told is None else told.append)


def sitemap(text: str | bytes, told: list[str] | None = None) -> list[Link | Sitemap]:
    body = text.encode() if isinstance(text, str) else text
    return list(parse_sitemap(body, URL, clock=CLOCK, skip=unheard if told is None else told.append))


def urlset(*locations: str, names: str = f'xmlns="{SITEMAPS}"', head: str = '<?xml version="1.0"?>') -> str:
    return f"{head}<urlset {names}>" + "".join(f"<url><loc>{at}</loc></url>" for at in locations) + "</urlset>"


def rss(*items: str, names: str = "") -> str:
    return f"<rss {names}><channel>" + "".join(f"<item>{item}</item>" for item in items) + "</channel></rss>"


def urls(found: list[Link] | list[Link | Sitemap]) -> list[str]:
    return [entry.url.removeprefix("https://paper.test") for entry in found]


# Characters


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("&#55357;&#56832;", "😀"),
        ("&#xD83D;&#xDE00;", "😀"),
        ("&#xd83d;&#56832;", "😀"),
        ("&amp;#55357;&amp;#56832;", "😀"),
        ("<![CDATA[&#55357;&#56832;]]>", "😀"),
        ("&#55357;&#56842;&#55357;&#56842;", "😊😊"),
        ("&#128512;", "😀"),
        ("&#xD800;", ""),
        ("&#56832;&#55357;", ""),
        ("&#0;&#x1b;", ""),
        ("&#x99999999;", "&#x99999999;"),
        ("&#1114112;", ""),
    ],
)
def test_half_characters_cost_no_item(written: str, shown: str) -> None:
    links = feed(rss("<link>/1</link>", f"<title>خبر {written}</title><link>/2</link>", "<link>/3</link>"))
    assert urls(links) == ["/1", "/2", "/3"]
    assert links[1].title == f"خبر {shown}".strip()
    news = f"</loc><news:news><news:title>خبر {written}</news:title></news:news><loc>"
    found = sitemap(urlset("/1", f"/2{news}", "/3"))
    assert urls(found) == ["/1", "/2", "/3"]
    assert isinstance(found[1], Link)
    assert found[1].title == f"خبر {shown}".strip()


@pytest.mark.parametrize(
    ("bad", "shown"),
    [
        (b"\xed\xa0\xbd\xed\xb8\x80", "😀"),
        (b"\xed\xa0\x80", ""),
        (b"\xf8\x88\x80\x80\x80", "\ufffd" * 5),
        (b"\xc0\xaf", "\ufffd" * 2),
        (b"\x00\x0b", ""),
    ],
)
def test_bytes_that_are_no_utf_8_cost_no_item(bad: bytes, shown: str) -> None:
    filler = "نص عربي يكفي لمعرفة الترميز".encode() * 40
    body = b"<rss><item><link>/1</link><title>x" + bad + b"</title></item><item><link>/2</link><x>" + filler
    links = feed(body + b"</x></item></rss>")
    assert urls(links) == ["/1", "/2"]
    assert links[0].title == read_title(f"x{shown}")


@given(st.lists(st.integers(0, 0x10FFFF), max_size=8))
def test_no_reference_to_a_character_loses_an_item(codes: list[int]) -> None:
    title = "".join(f"&#{code};" for code in codes)
    (first, last) = feed(rss(f"<title>{title}</title><link>/1</link>", "<link>/2</link>"))
    assert isinstance((first.title or "").encode(), bytes)
    assert last.url == "https://paper.test/2"


# Vocabularies


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.google.com/schemas/sitemap/0.9",
        "https://www.sitemaps.org/schemas/sitemap/0.9",
        "http://www.sitemaps.org/schemas/sitemap/0.9/",
        "http://sitemaps.org/schemas/sitemap/0.9",
        "http://www.sitemap.org/schemas/sitemap/0.9",
        "http://www.sitemaps.org/schemas/sitemap/0.90",
        "http://www.google.com/schemas/sitemap/0.84",
        " http://www.sitemaps.org/schemas/sitemap/0.9 ",
        "",
        "urn:something-else",
    ],
)
def test_namespaces_of_sitemaps(namespace: str) -> None:
    assert urls(sitemap(urlset("/1", "/2", names=f'xmlns="{namespace}"'))) == ["/1", "/2"]
    prefixed = urlset("/1", names=f'xmlns:map="{namespace}"').replace("<u", "<map:u").replace("</u", "</map:u")
    assert urls(sitemap(prefixed.replace("loc>", "map:loc>").replace("<map:loc", "<map:loc"))) == ["/1"]


@pytest.mark.parametrize(
    "names",
    [
        'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9/"',
        'xmlns:news="https://www.google.com/schemas/sitemap-news/0.9"',
        'xmlns:news="http://google.com/schemas/sitemap-news/0.9"',
        'xmlns:news="http://www.google.com/schemas/sitemap-news/0.84"',
        'xmlns:news="http://www.sitemaps.org/schemas/sitemap-news/0.9"',
        'xmlns:news="urn:whatever"',
        "",
    ],
)
def test_namespaces_of_news(names: str) -> None:
    news = (
        "<news:news><news:publication_date>2026-08-27T10:00:00+03:00</news:publication_date>"
        "<news:title>خبر</news:title></news:news>"
    )
    (link,) = sitemap(urlset(f"/1</loc>{news}<loc>", names=f'xmlns="{SITEMAPS}" {names}'))
    assert isinstance(link, Link)
    assert (link.title, link.published) == ("خبر", SEVEN)


def test_another_prefix_for_news() -> None:
    names = f'xmlns="{SITEMAPS}" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'
    (link,) = sitemap(urlset("/1</loc><n:news><n:title>خبر</n:title></n:news><loc>", names=names))
    assert isinstance(link, Link)
    assert link.title == "خبر"


@pytest.mark.parametrize(
    "head",
    [
        "<feed xmlns='https://www.w3.org/2005/Atom'>",
        "<feed xmlns='http://www.w3.org/2005/Atom/'>",
        "<feed xmlns='http://w3.org/2005/atom'>",
        "<feed xmlns='http://purl.org/atom/ns#'>",
        "<feed>",
        "<atom:feed xmlns:atom='http://www.w3.org/2005/Atom'>",
        "<a:feed xmlns:a='https://www.w3.org/2005/Atom'>",
    ],
)
def test_namespaces_of_atom(head: str) -> None:
    prefix = head[1 : head.index("feed")]
    entry = "<@entry><@link href='/1'/><@published>2026-08-27T07:00:00Z</@published></@entry></@feed>"
    (link,) = feed(head + entry.replace("@", prefix))
    assert (link.url, link.published) == ("https://paper.test/1", SEVEN)


@pytest.mark.parametrize(
    "names",
    [
        'xmlns="http://blogs.law.harvard.edu/tech/rss"',
        'xmlns="http://backend.userland.com/rss2"',
        'xmlns="http://purl.org/rss/1.0/"',
        'xmlns="https://cyber.harvard.edu/rss/rss.html"',
        'xmlns:dc="https://purl.org/dc/elements/1.1/"',
        'xmlns:dc="http://purl.org/dc/elements/1.1"',
        'xmlns:dc="http://purl.org/rss/1.0/modules/dc/"',
        'xmlns:dc="urn:whatever"',
        "",
    ],
)
def test_namespaces_of_rss(names: str) -> None:
    (link,) = feed(rss("<link>/1</link><dc:date>2026-08-27T10:00:00+03:00</dc:date>", names=names))
    assert (link.url, link.published) == ("https://paper.test/1", SEVEN)


def test_names_in_capitals_and_mixed() -> None:
    assert urls(sitemap("<URLSET><URL><LOC>/1</LOC></URL><Url><Loc>/2</loc></url></URLSET>")) == ["/1", "/2"]
    (link,) = feed("<RSS><CHANNEL><ITEM><LINK>/1</LINK><PUBDATE>2026-08-27T07:00:00Z</PUBDATE></ITEM></CHANNEL></RSS>")
    assert (link.url, link.published) == ("https://paper.test/1", SEVEN)


# Addresses


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("https://paper.test/n.php?cat=3&id=10", "/n.php?cat=3&id=10"),
        ("https://paper.test/n.php?cat=3&amp;id=10", "/n.php?cat=3&id=10"),
        ("https://paper.test/n.php?cat=3&amp;amp;id=10", "/n.php?cat=3&id=10"),
        ("https://paper.test/n.aspx?s=1&n=7&p=2", "/n.aspx?s=1&n=7&p=2"),
        ("https://paper.test/n?a=1&copy=2&lang=ar&reg=3", "/n?a=1&copy=2&lang=ar&reg=3"),
        ("https://paper.test/n?a=1&lt=2", "/n?a=1&lt=2"),
        ("https://paper.test/a&b", "/a&b"),
        ("<![CDATA[https://paper.test/n?a=1&b=2]]>", "/n?a=1&b=2"),
        ("/n?a=1&b=2", "/n?a=1&b=2"),
        ("https://paper.test/n?a=&b=&", "/n?a=&b=&"),
        ("HTTPS://paper.test/1", "/1"),
        ("Https://paper.test/1", "/1"),
        ("https://paper.test/n?a=1&#38;b=2", "/n?a=1&b=2"),
        ("<![CDATA[https://paper.test/n?a=1&#38;b=2]]>", "/n?a=1&b=2"),
        ("https://paper.test/n?a=1&AMP;amp;b=2", "/n?a=1&b=2"),
        ("http://https://paper.test/1", "/1"),
        ("https://https//paper.test/1", "/1"),
        ("https:/paper.test/1", "/1"),
        ("https:///paper.test/1", "/1"),
        ("https//paper.test/1", "/1"),
        ("https:\\\\paper.test\\1", "/1"),
        ("\u200ehttps://paper.test/1\u200e", "/1"),
        ("\ufeffhttps://paper.test/1\xa0", "/1"),
        ("https://paper.test./1", "/1"),
        ("https://user:secret@paper.test/1", "/1"),
        ("https://user@paper.test./1", "/1"),
        ("//paper.test/1", "/1"),
        ("<a>https://paper.test/1</a>", "/1"),
    ],
)
def test_addresses_as_they_are_meant(written: str, url: str) -> None:
    assert urls(sitemap(urlset("/first", written, "/last"))) == ["/first", url, "/last"]
    assert urls(feed(rss("<link>/first</link>", f"<link>{written}</link>", "<link>/last</link>"))) == [
        "/first",
        url,
        "/last",
    ]


def test_a_host_without_its_scheme() -> None:
    assert joined(URL, "www.paper.test/1") == "https://www.paper.test/1"
    assert joined(URL, "www.html") == "https://paper.test/www.html"


@pytest.mark.parametrize(
    "base",
    [
        "http://paper.test/" + "a" * 3000 + "/",
        "http://paper.test/" + "a" * 100_000 + "/",
        "b" * 3000 + "/",
        "http://[",
        "c/" * 900,
    ],
)
def test_no_base_makes_addresses_that_nobody_would_fetch(base: str) -> None:
    told: list[str] = []
    text = f"<rss xml:base='{base}'><x xml:base='{base}'><item><link>1</link></item><item><link>http://paper.test/2"
    found = feed(f"{text}</link></item></x></rss>", told)
    assert all(len(link.url) <= 2083 for link in found)
    assert found[-1].url == "http://paper.test/2"
    assert len(found) + told.count("too-long") == 2


def test_an_address_that_is_too_long_is_told() -> None:
    told: list[str] = []
    long = "https://paper.test/" + "a" * 2100
    assert urls(feed(rss(f"<link>{long}</link>", "<link>/2</link>"), told)) == ["/2"]
    assert urls(sitemap(urlset(long, "/2"), told)) == ["/2"]
    assert urls(sitemap(f"{long}\nhttps://paper.test/2\n", told)) == ["/2"]
    assert told == ["too-long"] * 3


@pytest.mark.parametrize(
    "links",
    [
        "<link rel='alternate' type='application/json' href='/j'/><link rel='alternate' type='text/html' href='/1'/>",
        "<link rel='alternate' type='application/rss+xml' href='/1/feed'/><link rel='alternate' href='/1'/>",
        "<link type='application/json' href='/1.json'/><link type='TEXT/HTML; charset=utf-8' href='/1'/>",
        "<link rel='http://www.iana.org/assignments/relation/alternate' href='/1'/>",
        "<link rel='Alternate' href='/1'/><link rel='alternate' href='/other'/>",
        "<link rel='self' href='/api/1'/><link href='/1'/>",
        "<link rel='http://www.iana.org/assignments/relation/self' href='/api/1'/><link href='/1'/>",
        "<link rel='enclosure' type='image/jpeg'>https://paper.test/p.jpg</link><link href='/1'/>",
        "<link href='/1'/><link rel='enclosure'>/p.jpg</link>",
        "<link rel='replies' href='/1#comments'/><link rel='alternate' type='application/xhtml+xml' href='/1'/>",
        "<link rel='related'>https://other.test/</link><id>https://paper.test/1</id>",
        "<link rel='alternate' type='application/pdf' href='/1'/>",
        "<link rel='alternate nofollow' href='/1'/>",
        "<link rel='self nofollow' href='/api/1'/><link rel=' external\talternate ' href='/1'/>",
        "<link rel='https://www.iana.org/assignments/link-relations/alternate' href='/1'/>",
        "<link rel='http://www.iana.org/assignments/link-relations/link-relations.html#alternate' href='/1'/>",
        "<link rel='alternate' hreflang='en' href='/en/1'/><link rel='alternate' hreflang='ar-EG' href='/1'/>",
        "<link rel='alternate' hreflang='en' href='/en/1'/><link rel='alternate' href='/1'/>",
        "<link rel='alternate' href='/x'/><link rel='alternate' hreflang='AR' href='/1'/>",
        "<link rel='alternate' media='handheld' href='/m/1'/><link rel='alternate' href='/1'/>",
        "<link rel='alternate' type='application/json' href='/1.json'/><id>https://paper.test/1</id>",
        "<content type='text/html' src='/1'/>",
        "<content type='text/html' src='/full/1'/><link href='/1'/>",
        "<content type='video/mp4' src='/1.mp4'/><id>https://paper.test/1</id>",
        "<link rel='canonical' href='/1'/>",
        "<link href='mailto:desk@paper.test'/><link href='/1'/>",
        "<link href='javascript:void(0)'/><link href='/1'/>",
        "<link href='/1'>اقرأ الخبر</link>",
        "<link rel='self' type='text/html' href='/1'/>",
        "<source><id>https://other.test/</id><link href='https://other.test/'/></source><link href='/1'/>",
    ],
)
def test_the_page_among_the_links_of_an_entry(links: str) -> None:
    entry = f"<entry><title>خبر</title>{links}</entry>"
    assert urls(feed(f"<feed xmlns='http://www.w3.org/2005/Atom'>{entry}</feed>")) == ["/1"]


def test_of_several_languages_the_feed_s_own_is_taken() -> None:
    links = "<link rel='alternate' hreflang='ar' href='/ar/1'/><link rel='alternate' hreflang='en' href='/1'/>"
    assert urls(feed(f"<feed xml:lang='en'><entry>{links}</entry></feed>")) == ["/1"]
    assert urls(feed(f"<feed><entry>{links}</entry></feed>")) == ["/ar/1"]


def test_the_front_page_is_no_story_where_the_identifier_names_one() -> None:
    item = "<link>https://paper.test/</link><guid{}>https://paper.test/1</guid>"
    assert urls(feed(rss(item.format("")))) == ["/1"]
    assert urls(feed(rss(item.format(" isPermaLink='false'")))) == ["/"]


def test_what_an_entry_tells_of_its_source_is_not_its_own() -> None:
    source = "<source><title>وكالة</title><updated>2020-01-01T00:00:00Z</updated><category term='سياسة'/></source>"
    (link,) = feed(f"<feed><entry>{source}<link href='/1'/></entry></feed>")
    assert (link.title, link.modified) == (None, None)
    # RSS means another thing by it, and may leave it open.
    (link,) = feed(rss("<source url='https://other.test/feed'>وكالة<title>خبر</title><link>/1</link>"))
    assert (link.url, link.title) == ("https://paper.test/1", "خبر")


# Wrappings


MAP = urlset("/1", "/2")


def packed(body: bytes) -> bytes:
    """Without the moment of packing: the bytes name the test, in every process alike."""
    return gzip.compress(body, mtime=0)


@pytest.mark.parametrize(
    "body",
    [
        packed(packed(MAP.encode())),
        packed(packed(packed(MAP.encode()))),
        packed(b"https://paper.test/1\nhttps://paper.test/2"),
        packed(packed(b"https://paper.test/1\r\nhttps://paper.test/2\r\n")),
        packed(MAP[:80].encode()) + packed(MAP[80:].encode()),
        packed(MAP.encode()) + b"\0" * 20 + b"noise",
        b"<br />\n<b>Warning</b>:  Undefined variable in <b>/var/www/map.php</b> on line <b>3</b><br />\n"
        + MAP.encode(),
        b"Deprecated: x in map.php on line 3\n" * 300 + MAP.encode(),
        b"<!-- generated in 0.3 s -->\n" + MAP.encode() + b"\n<!-- cached -->",
        b"<!DOCTYPE html><html><body>" + MAP.encode() + b"</body></html>",
        b"\xef\xbb\xbf\xef\xbb\xbf\r\n" + MAP.encode(),
        MAP.replace('"1.0"?', '"1.0" encoding="UTF-16"?').encode(),
        MAP.replace('"1.0"?', '"1.0" encoding="nonsense"?').encode(),
        MAP.replace("?>", ">").encode(),
        MAP.encode("utf-16"),
        MAP.encode("utf-16-be").join([b"\xfe\xff", b""]),
        b"\xef\xbb\xbfhttps://paper.test/1\rhttps://paper.test/2\r",
        b"HTTPS://paper.test/1\n\n# more\nhttps://paper.test/2",
        urlset("/1").encode() + urlset("/2").encode(),
        b"<urlset><url><loc>/1</loc><url><loc>/2</loc></urlset>",
        b"<urlset><url><loc>/1</url><url><loc>/2</url></urlset>",
        rss("<link>/1</link>", "<link>/2</link>").encode(),
        zlib.compress(MAP.encode()),
        packed(zlib.compress(MAP.encode())),
        b"\r\n\n" + packed(MAP.encode()),
        b"\xef\xbb\xbf" + packed(MAP.encode()),
        b"<br />\n<b>Warning</b>: x in <b>/map.php</b> on line <b>3</b><br />\n" + packed(MAP.encode()),
        b"https://paper.test/1<br>\nhttps://paper.test/2<br>\n",
        MAP.encode("utf-16-le"),
        MAP.encode("utf-16-be"),
        MAP.encode("utf-32-le"),
        "https://paper.test/1\nhttps://paper.test/2\n".encode("utf-16-le"),
        b"<br />\n<b>Notice</b>: x in <b>/map.php</b> on line <b>3</b><br />\nhttps://paper.test/1\nhttps://paper.test/2",
        b"<html><body><pre>" + MAP.replace("<", "&lt;").replace(">", "&gt;").encode() + b"</pre></body></html>",
    ],
)
def test_wrappings_of_sitemaps(body: bytes) -> None:
    assert urls(sitemap(body)) == ["/1", "/2"]


def test_wrappings_of_feeds() -> None:
    text = rss("<link>/1</link>", "<link>/2</link>")
    warning = "<br />\n<b>Notice</b>: Undefined index in <b>feed.php</b> on line <b>3</b><br />\n" * 200
    for body in (gzip.compress(text.encode()), text.encode("utf-16"), (warning + text).encode(), text.encode() * 2):
        assert set(urls(feed(body))) == {"/1", "/2"}


def test_what_is_cut_off_is_told() -> None:
    packed = gzip.compress(urlset(*(f"/{number}" for number in range(5000))).encode())
    told: list[str] = []
    assert 0 < len(sitemap(packed[: len(packed) // 2], told)) < 5000
    assert "broken-off" in told


@pytest.mark.parametrize(
    ("end", "told"),
    [
        ("", []),
        ("<!-- printed in 0.2 s", ["broken-off"]),
        ("<![CDATA[", ["broken-off"]),
        ("<item><title><![CDATA[عنوان", ["broken-off"]),
        ("<item><link>/3</link>", ["broken-off"]),
        ("<item><link>/3</li", ["broken-off"]),
        ("<?php echo 1", ["broken-off"]),
        ("</channel>", ["not-closed"]),
        ("</channel><!-- end --></rss>", []),
        ("</channel></rss><!-- cache", ["broken-off"]),
        ("</rss>", []),
    ],
)
def test_a_feed_that_came_in_part_says_so(end: str, told: list[str]) -> None:
    heard: list[str] = []
    whole = rss("<link>/1</link>", "<link>/2</link>").removesuffix("</channel></rss>")
    found = feed(whole + end if end else f"{whole}</channel></rss>", heard)
    assert {"/1", "/2"} <= set(urls(found))
    # Of an address that is cut the rest is unknown.
    assert [reason for reason in heard if reason != "no-link"] == told


@pytest.mark.parametrize("end", ["<!-- x", "<url><loc>/3</loc>", "<url><loc>/3", "<url><loc><![CDATA[/3"])
def test_a_sitemap_that_came_in_part_says_so(end: str) -> None:
    heard: list[str] = []
    assert {"/1", "/2"} <= set(urls(sitemap(urlset("/1", "/2").removesuffix("</urlset>") + end, heard)))
    assert [reason for reason in heard if reason != "no-link"] == ["broken-off"]


@given(st.integers(0, 500))
def test_of_a_feed_cut_anywhere_it_is_told_or_nothing_is_missing(cut: int) -> None:
    whole = rss(*(f"<title><![CDATA[خبر {n}]]></title><link>/{n}</link><!-- {n} -->" for n in range(6)))
    heard: list[str] = []
    found = feed(whole[:cut], heard)
    assert heard or len(found) in (0, 6)
    assert heard or cut >= len(whole) or not found


def test_a_page_that_is_no_listing_is_not_cut_off() -> None:
    heard: list[str] = []
    assert feed("<html><body><p>صفحة <br> بلا نهاية", heard) == []
    assert sitemap("<html><body><p>صفحة <br> بلا نهاية", heard) == []
    assert heard == []


@pytest.mark.parametrize("declared", ["UTF-8", "windows-1256", "iso-8859-1", "utf-16", None])
def test_windows_1256_whatever_is_declared(declared: str | None) -> None:
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    title = "بلدية الوادي تفتتح المكتبة العامة بعد أعمال الترميم"
    news = f"/1</loc><news:news><news:title>{title}</news:title></news:news><loc>"
    (link,) = sitemap(urlset(news, head=head).encode("cp1256"))
    assert isinstance(link, Link)
    assert link.title == title
    assert feed((head + rss(f"<title>{title}</title><link>/1</link>")).encode("cp1256"))[0].title == title


def test_letters_that_come_late_are_decoded_all_the_same() -> None:
    latin = [f"/story/{number}" for number in range(20_000)]
    text = urlset(*latin, "/x</loc><news:news><news:title>افتتاح المكتبة العامة اليوم</news:title></news:news><loc>")
    for encoding in ("utf-8", "cp1256"):
        *_, last = sitemap(text.encode(encoding))
        assert isinstance(last, Link)
        assert last.title == "افتتاح المكتبة العامة اليوم"


# Titles


@pytest.mark.parametrize(
    "written",
    [
        "<![CDATA[خبر أول<br/>من الوادي]]>",
        "<![CDATA[خبر أول<br>من الوادي]]>",
        "<![CDATA[<p>خبر أول</p><p>من الوادي</p>]]>",
        "<![CDATA[<div>خبر أول</div>من الوادي]]>",
        "<![CDATA[<ul><li>خبر أول</li><li>من الوادي</li></ul>]]>",
        "&lt;p&gt;خبر أول&lt;/p&gt;&lt;p&gt;من الوادي&lt;/p&gt;",
        "خبر أول<br/>من الوادي",
        "<div><p>خبر أول</p><p>من الوادي</p></div>",
        "<![CDATA[خبر <b>أو</b>ل من الوادي]]>",
        "خبر أول&lt;BR /&gt;من الوادي",
        "خبر أول&#10;من الوادي",
        "خبر أول&nbsp;من&#x20;الوادي",
        "<![CDATA[<aside>خبر أول</aside>من الوادي]]>",
        "<![CDATA[<center>خبر أول</center>من الوادي]]>",
        "<![CDATA[خبر أول<img src='x.gif'>من الوادي]]>",
        "<![CDATA[<script>var a = 'x';</script>خبر أول <!-- x -->من الوادي]]>",
        "<![CDATA[<style>b {color: red}</style>خبر أول من الوا<wbr>دي]]>",
    ],
)
def test_titles_are_not_glued(written: str) -> None:
    assert feed(rss(f"<title>{written}</title><link>/1</link>"))[0].title == "خبر أول من الوادي"


# Broken structure


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<rss><item><link>/1</link><item><link>/2</link></item></rss>", {"/1", "/2"}),
        ("<rss><item><link>/1<title>أ</title></item><item><link>/2</link></item></rss>", {"/1", "/2"}),
        ("<rss><item><title>أ<link>/1</link></item><item><link>/2</link></item></rss>", {"/1", "/2"}),
        ("<rss><item><title>5 < 6 و <كلمة</title><link>/1</link></item></rss>", {"/1"}),
        ("<rss><item a=b c d='><link>/1</link></item><item><link>/2</link></item></rss>", {"/1", "/2"}),
        ('<rss><item><x y="1>2"/><link>/1</link></item></rss>', {"/1"}),
        ("<rss></channel></foo><item><link>/1</link></item>", {"/1"}),
        ("<rss><item><link>/1</link></item></rss></rss><item><link>/2</link></item>", {"/1", "/2"}),
        ("<rss><item><description><item>x</description><link>/1</link></item></rss>", {"/1"}),
        ("<rss><item><link>/1</link></item><!-- <item><link>/no</link></item> --></rss>", {"/1"}),
        ("<rss><item><link>/1</link><!--></item><item><link>/2</link></item></rss>", {"/1", "/2"}),
        ("<rss><item><link>/1</link><x><![CDATA[<item><link>/no</link></item>]]></x></item></rss>", {"/1"}),
        ("<rss><item><title><![CDATA[أ]]]]><![CDATA[>]]></title><link>/1</link></item></rss>", {"/1"}),
    ],
)
def test_broken_structure(text: str, found: set[str]) -> None:
    assert found <= set(urls(feed(text)))
    assert "/no" not in urls(feed(text))


@given(st.integers(0, 400), st.integers(1, 9))
def test_the_pieces_in_which_it_comes_make_no_difference(cut: int, size: int) -> None:
    from newscrawl.discovery.markup import tokens

    text = (
        "<?xml version='1.0'?><!-- a > b --><rss a='1' b=\"2>1\"><item><title><![CDATA[ x < y ]]> &amp; z</title>"
        "<link/><x>5 < 6</x></item></rss> tail <"
    ) * 2
    pieces = [text[:cut], *(text[at : at + size] for at in range(cut, len(text), size))]
    assert _joined_texts(tokens(pieces)) == _joined_texts(tokens([text]))


def _joined_texts(found: object) -> list[tuple[str, str]]:
    joined_up: list[tuple[str, str]] = []
    for kind, value, attributes, _ in found:  # type: ignore[attr-defined]
        if joined_up and kind == joined_up[-1][0] and kind in ("text", "literal"):
            joined_up[-1] = (kind, joined_up[-1][1] + value)
        else:
            joined_up.append((kind, value + attributes))
    return joined_up


def test_an_error_of_ours_with_one_item_is_told_and_costs_only_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from newscrawl.discovery import feeds

    def read(text: str | None) -> str | None:
        if text == "ب":
            raise RuntimeError(text)
        return text

    monkeypatch.setattr(feeds, "read_title", read)
    told: list[str] = []
    items = (f"<title>{title}</title><link>/{title}</link>" for title in "أبت")
    assert len(feed(rss(*items), told)) == 2
    assert told == ["error-RuntimeError"]
