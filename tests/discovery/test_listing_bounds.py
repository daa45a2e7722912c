"""Listings of every hostile shape: twice the input takes at most twice the processor time and memory, with slack."""

from __future__ import annotations

import gzip
import json
import re
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from html import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scrapy.robotstxt import ProtegoRobotParser
from scrapy.utils.test import get_crawler

from newscrawl.discovery.feeds import parse_feed
from newscrawl.discovery.hints import Clock
from newscrawl.discovery.sections import Listing, parse_section, section_selector
from newscrawl.discovery.sitemaps import parse_sitemap
from tests.fuzz.clock import TooSlow, seconds
from tests.fuzz.shapes import PIECES

URL = "http://paper.test/listing"
CLOCK = Clock(datetime(2026, 11, 22, 12, tzinfo=UTC), "Asia/Riyadh")
PATTERN = re.compile(r"/story/(?P<id>\d+)")
# Processor seconds: a hundred times what the smallest input takes here, so that a slow machine passes.
_SLACK, _LEAST = 10, 0.2
# Ten times what most shapes take, and four times what a section of nothing but links does.
_SECONDS_OF_MB = 20
_SIZE = 60_000


def feed(text: str) -> int:
    return len(parse_feed(text.encode("utf-8", "replace"), URL, clock=CLOCK, texts=True))


def sitemap(text: str) -> int:
    return sum(1 for _ in parse_sitemap(text.encode("utf-8", "replace"), URL, clock=CLOCK))


def section(text: str) -> int:
    links = 0
    for listing in (Listing(), Listing(item="div, b", date="time, i")):
        page = section_selector(text.encode("utf-8", "replace").decode() or " ")
        base = page.css("base::attr(href)").get() or URL
        links += len(
            parse_section(
                page, base, listing=listing, article_url=PATTERN, owns=lambda host: host == "paper.test", clock=CLOCK
            )
        )
    return links


def robots(text: str) -> int:
    parser = ProtegoRobotParser.from_crawler(get_crawler(), text.encode("utf-8", "replace")[: 500 * 1024])
    return sum(parser.allowed(f"http://paper.test/{'a' * size}/story/1", "newscrawl") for size in (1, 50, 2000))


def dates(text: str) -> int:
    return CLOCK.read(text) is not None


READERS: dict[str, Callable[[str], int]] = {
    "feed": feed,
    "sitemap": sitemap,
    "section": section,
    "robots": robots,
    "date": dates,
}
# What stands before and after, and what is repeated, is nested, or grows in between.
SHAPES: dict[str, Callable[[int], str]] = {
    "items": lambda n: "<rss>" + "<item><link>/story/1</link></item>" * (n // 34) + "</rss>",
    "items-without-ends": lambda n: "<rss>" + "<item><link>/story/1</link>" * (n // 27),
    "urls-without-ends": lambda n: "<urlset>" + "<url><loc>/story/1" * (n // 18),
    "nested-items": lambda n: "<rss>" + "<x><item>" * (n // 9),
    "nested-names": lambda n: "<item>" + "".join(f"<a{i}>" for i in range(n // 7)) + "x" * (n // 4),
    "nested-title": lambda n: "<item><title>" + "<b>كلمة" * (n // 8) + "</title></item>",
    "tags": lambda n: "<a>" * (n // 3),
    "tags-with-an-attribute": lambda n: "<a b>" * (n // 5),
    "closing-tags": lambda n: "<a>" * (n // 8) + "</b></a>" * (n // 16),
    "closing-of-the-outermost": lambda n: "<o>" + "<i>" * (n // 4) + "</o>",
    "less-than": lambda n: "<" * n,
    "greater-than": lambda n: "<a " + ">" * n,
    "quotes": lambda n: '<a "' * (n // 4),
    "a-quote-that-never-ends": lambda n: '<a b="' + "c > " * (n // 4),
    "apostrophes-and-quotes": lambda n: "<a x='\"" * (n // 8),
    "comments": lambda n: "<!--" * (n // 4),
    "comments-almost-ended": lambda n: "<!--" + "--" * (n // 2),
    "cdata": lambda n: "<item><title>" + "<![CDATA[" * (n // 9),
    "cdata-almost-ended": lambda n: "<item><title><![CDATA[" + "]]" * (n // 2),
    "instructions": lambda n: "<?" * (n // 2),
    "declarations": lambda n: "<!DOCTYPE a [" + "<!ENTITY a '&a;&a;'>" * (n // 20),
    "references": lambda n: "<item><title>" + "&amp;" * (n // 5) + "</title></item>",
    "half-references": lambda n: "<item><title>" + "&#55357;" * (n // 8) + "</title></item>",
    "ampersands": lambda n: "<item><title>" + "&" * n + "</title></item>",
    "a-reference-that-never-ends": lambda n: "<item><title>&#" + "1" * n + "</title></item>",
    "a-long-name": lambda n: "<" + "a" * n + ">",
    "a-long-attribute": lambda n: "<a " + "b" * n + "='c'>",
    "a-long-value": lambda n: "<item><link href='" + "b" * n + "'/></item>",
    "many-attributes": lambda n: "<link " + " ".join(f"a{i}='b'" for i in range(n // 10)) + ">",
    "attributes-without-values": lambda n: "<link " + "a " * (n // 2) + ">",
    "equals": lambda n: "<link " + "=" * n + ">",
    "spaces": lambda n: "<item><pubDate>" + " " * n + "</pubDate></item>",
    "spaces-in-a-tag": lambda n: "<a" + " " * n + "<a",
    "namespaces": lambda n: "".join(f"<x xmlns:n{i}='u'>" for i in range(n // 18)),
    "xml-base": lambda n: (
        f"<rss xml:base='http://paper.test/{'a' * (n // 2)}/'>" + "<item><link>s</link></item>" * (n // 54)
    ),
    "nested-bases": lambda n: "<x xml:base='a/'>" * (n // 20) + "<item><link>story/1</link></item>",
    "html-base": lambda n: (
        f"<base href='http://paper.test/{'a' * (n // 2)}/'>" + "<a href='story/1'>خبر</a>" * (n // 50)
    ),
    "links-in-cards": lambda n: "<div><a href='/story/1'>خبر</a><time>27 أغسطس 2026</time></div>" * (n // 64),
    "cards-in-cards": lambda n: "<div><a href='/story/1'>خبر</a>" * (n // 31),
    "inline-cards": lambda n: "<b><a href=/story/1>x<i>1" * (n // 25),
    "links-in-links": lambda n: "<a href='/story/1'><div>خبر" * (n // 27),
    "different-links": lambda n: "".join(f"<a href='/story/{i}'>خ</a>" for i in range(n // 24)),
    "a-long-link": lambda n: "<a href='/story/1" + "?" * n + "'>خبر</a>",
    "a-link-with-much-text": lambda n: "<a href='/story/1'>" + "<b>خبر</b>" * (n // 11) + "</a>",
    "lines": lambda n: "http://paper.test/story/1\n" * (n // 26),
    "a-line": lambda n: "http://paper.test/" + "a" * n,
    "new-lines": lambda n: "http://paper.test/1" + "\n" * n,
    "dates": lambda n: "<item><pubDate>" + "27 أغسطس 2026 " * (n // 15) + "</pubDate></item>",
    "digits": lambda n: "<item><pubDate>" + "1" * n,
    "colons": lambda n: "<item><pubDate>" + "1:" * (n // 2),
    "brackets": lambda n: "<item><pubDate>1" + "(" * n,
    "rules": lambda n: "User-agent: *\n" + "Disallow: /*x*y*z*\n" * (n // 19),
    "stars": lambda n: "User-agent: *\nDisallow: /" + "*a" * (n // 2) + "b$\n",
    "more-stars": lambda n: "User-agent: *\nDisallow: /" + "*" * n + "\n",
    "agents": lambda n: "User-agent: a\n" * (n // 14),
    "half-characters": lambda n: "<item><title>" + "\ud83d" * n,
    "marks": lambda n: "<item><title>" + "\u200f" * n + "</title>",
}


def processor_time(read: Callable[[str], int], text: str) -> float:
    """The lesser of two: a collection of the whole test run's garbage may fall into one."""
    times = []
    for _ in range(2):
        start = time.process_time()
        read(text)
        times.append(time.process_time() - start)
    return min(times)


@pytest.mark.parametrize("reader", READERS)
def test_twice_the_input_takes_twice_the_time(reader: str) -> None:
    read = READERS[reader]
    for name, shape in SHAPES.items():
        small, large = (processor_time(read, shape(size)) for size in (_SIZE, 4 * _SIZE))
        assert large < 4 * max(small, _LEAST / _SLACK) * _SLACK / 2, (name, small, large)
        assert large < _LEAST + _SECONDS_OF_MB * 4 * _SIZE / 1e6, (name, large)


_PARTS = st.sampled_from(
    ["<item>", "</item>", "<link>", "</link>", "<title>", "<url><loc>", "/story/1", "<a href='/story/1'>", "<div>",
     "</div>", "<![CDATA[", "]]>", "<!--", "-->", "<", ">", "&", "&#55357;", "'", '"', "<x y='", " ", "\n", "*",
     "Disallow: /", "1:", "خبر", "<rss xml:base='a/'>", "<time>", "2026-08-27", "=", "a=", "<b ", "http://", "?", "%",
     "\u200e"]
)  # fmt: skip


@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(st.lists(_PARTS, min_size=1, max_size=4), st.lists(_PARTS, max_size=3), st.sampled_from(sorted(READERS)))
def test_whatever_is_repeated(unit: list[str], head: list[str], reader: str) -> None:
    repeated, before = "".join(unit), "".join(head)
    texts = [before + repeated * (size // len(repeated)) for size in (10_000, 40_000)]
    small, large = (processor_time(READERS[reader], text) for text in texts)
    assert large < 4 * max(small, _LEAST / _SLACK) * _SLACK / 2


def _rss(item: str) -> str:
    modules = (
        "xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:dc='http://purl.org/dc/elements/1.1/'"
        " xmlns:media='http://search.yahoo.com/mrss/'"
    )
    return f"<rss {modules}><item><title>خبر</title><link>/story/1</link>{item}</item></rss>"


def _texts_of_rss(text: str) -> str:
    names = ("title", "guid", "author", "dc:creator", "category", "pubDate", "description", "content:encoded")
    return _rss("".join(f"<{name}>{escape(text, quote=False)}</{name}>" for name in names))


def _atom(text: str) -> str:
    line = escape(text)
    return (
        f"<feed xmlns='http://www.w3.org/2005/Atom'><entry><link href='/story/1'/><link rel='{line}' href='{line}'/>"
        f"<updated>{line}</updated><author><name>{line}</name></author><category term='{line}'/>"
        f"<summary type='html'>{line}</summary><content type='html'>{line}</content></entry></feed>"
    )


def _json_feed(text: str) -> str:
    texts = dict.fromkeys(("id", "title", "content_html", "content_text", "date_published", "image"), text)
    item = {"url": "http://paper.test/story/1", "author": {"name": text}, "tags": [text], **texts}
    return json.dumps({"version": "https://jsonfeed.org/version/1", "items": [item]}, ensure_ascii=False)


def _news(text: str) -> str:
    line = escape(text)
    return (
        "<urlset xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'><url><loc>/story/1</loc><news:news>"
        f"<news:title>{line}</news:title><news:publication_date>{line}</news:publication_date>"
        f"<news:keywords>{line}</news:keywords></news:news><lastmod>{line}</lastmod></url></urlset>"
    )


def _card(text: str) -> str:
    line = escape(text)
    return (
        f"<div class='{line}' id='{line}'><a href='/story/1' title='{line}' rel='{line}'>{line}</a>"
        f"<time datetime='{line}'>{line}</time><a href='/story/2{line}'>خبر</a></div>"
        f"<a class=next href='{line}'>{line}</a>"
    )


# Where a listing holds a text that may grow.
_PLACES: dict[str, tuple[str, Callable[[str], str]]] = {
    "rss": ("feed", _texts_of_rss),
    "html in rss": ("feed", lambda text: _rss(f"<content:encoded><![CDATA[<p>{text}</p>]]></content:encoded>")),
    "attributes of rss": ("feed", lambda text: _rss(f"<media:content url='{escape(text)}' type='{escape(text)}'/>")),
    "atom": ("feed", _atom),
    "json": ("feed", _json_feed),
    "sitemap": ("sitemap", _news),
    "section": ("section", _card),
}


@pytest.mark.parametrize("place", _PLACES)
def test_texts_that_grow(place: str) -> None:
    reader, listing = _PLACES[place]
    READERS[reader](listing("x"))
    for piece in PIECES:
        text = listing(piece * (_SIZE // len(piece.encode())))
        try:
            with seconds(_LEAST + _SECONDS_OF_MB * _SIZE / 1e6):
                READERS[reader](text)
        except TooSlow:
            pytest.fail(f"{piece!r} again and again takes too long")


def peak(read: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        read()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "name", ["nested-names", "nested-items", "tags", "xml-base", "cdata", "a-long-value", "namespaces"]
)
@pytest.mark.parametrize("reader", ["feed", "sitemap"])
def test_memory_is_a_small_multiple_of_the_input(name: str, reader: str) -> None:
    text = SHAPES[name](400_000)
    assert peak(lambda: READERS[reader](text)) < 20 * len(text)


def test_a_bomb_of_gzip_ends_at_the_limit() -> None:
    told: list[str] = []
    bomb = gzip.compress(gzip.compress(b"<item>" + b"x" * 20_000_000))
    assert len(bomb) < 1000
    assert peak(lambda: parse_feed(bomb, URL, clock=CLOCK, skip=told.append)) < 8_000_000
    assert "too-large" in told
