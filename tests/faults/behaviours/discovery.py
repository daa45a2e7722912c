# ruff: noqa: E501
"""Feeds, sitemaps and section pages: broken, endless, circular and hostile. Their good articles must be found."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from tests.faults.behaviours.codings import bomb
from tests.faults.server import OFFSITE, Exchange, fault

_XML = {"Content-Type": "application/xml; charset=utf-8"}


def _good(exchange: Exchange, number: int) -> str:
    return exchange.url(f"/news/{exchange.name}-{number}-good.html")


def _item(exchange: Exchange, number: int, extra: str = "") -> str:
    return f"<item><title>خبر {number}</title><link>{_good(exchange, number)}</link>{extra}</item>"


def _rss(items: str, before: str = '<?xml version="1.0" encoding="utf-8"?>') -> str:
    return f'{before}<rss version="2.0"><channel><title>صحيفة</title>{items}</channel></rss>'


def _urlset(*urls: str, kind: str = "urlset", entry: str = "url") -> str:
    entries = "".join(f"<{entry}><loc>{url}</loc></{entry}>" for url in urls)
    return f'<?xml version="1.0"?><{kind} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</{kind}>'


def _answers(name: str, make: Callable[[Exchange], str | bytes], **headers: str) -> None:
    @fault(name)
    async def _(exchange: Exchange) -> None:
        await exchange.reply(make(exchange), "200 OK", _XML | headers)


_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
_DOCTYPE = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "هههههههههه">{_LAUGHS}]>'
_EXTERNAL = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'

_answers("feed-broken-item", lambda e: _rss(_item(e, 1) + "<item><title>&bogus; <b>x</title><link>" + _item(e, 2)))
_answers("feed-truncated", lambda e: _rss(_item(e, 1) + _item(e, 2) + _item(e, 3)).rpartition("<link>")[0])
_answers("feed-html", lambda _: "<!DOCTYPE html><html><body><h1>الخدمة متوقفة</h1></body></html>")
_answers("feed-empty", lambda _: "")
_answers(
    "feed-entities",
    lambda e: _rss(_item(e, 1) + f"<item><title>&l11;</title><link>{_good(e, 2)}</link></item>", _DOCTYPE),
)
_answers("feed-external", lambda e: _rss(_item(e, 1, "<description>&x;</description>"), _EXTERNAL))
_answers("feed-junk-before", lambda e: "\ufeff\n\n<br />Warning: mysql_connect()\n" + _rss(_item(e, 1) + _item(e, 2)))
_answers("feed-wrong-charset", lambda e: _rss(_item(e, 1) + _item(e, 2)).encode("windows-1256"))
_answers("feed-control-characters", lambda e: _rss(_item(e, 1, "<guid>\x08\x0b\x1b</guid>") + _item(e, 2)))
_answers(
    "feed-hostile-links",
    lambda e: _rss(
        "".join(
            f"<item><title>x</title><link>{url}</link></item>"
            for url in (
                f"http://{OFFSITE}/news/stolen-5.html",
                "http://10.0.0.1/news/stolen-6.html",
                "javascript:alert(1)//faults.test/news/stolen-7.html",
                "file:///news/stolen-8.html",
                "http://[::1/news/x.html",
                "//",
            )
        )
        + _item(e, 1)
    ),
)
_answers("feed-deep", lambda e: _rss("<a>" * 100_000 + "</a>" * 100_000 + _item(e, 1)))
_answers("feed-many-items", lambda e: _rss(_item(e, 1) + "<item><link>http://faults.test/about</link></item>" * 20_000))
_answers("feed-atom-base", lambda e: f'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="{e.url("/news/")}"><entry><title>خبر</title>'
         f'<link href="{e.name}-1-good.html"/></entry></feed>')  # fmt: skip
_answers("sitemap-self", lambda e: _urlset(e.url("/sitemap.xml"), e.url("/child.xml"), kind="sitemapindex", entry="sitemap")
         if e.path == "/sitemap.xml" else _urlset(_good(e, 1)))  # fmt: skip
_answers("sitemap-cycle", lambda e: _urlset(e.url(f"/more-{e.hit}-{len(e.path)}.xml"), e.url("/sitemap.xml"), kind="sitemapindex",
                                            entry="sitemap"))  # fmt: skip
_answers("sitemap-50000", lambda e: _urlset(*(f"http://faults.test/page/{n}" for n in range(49_999)), _good(e, 1)))
_answers("sitemap-gzip", lambda e: gzip.compress(_urlset(_good(e, 1)).encode()), **{"Content-Type": "application/gzip"})
_answers("sitemap-gzip-bomb", lambda _: bomb("gzip"), **{"Content-Type": "application/gzip"})
_answers("sitemap-gzip-cut", lambda e: gzip.compress((_urlset(_good(e, 1)) + " " * 9).encode())[:-6])
_answers("sitemap-entities", lambda e: _urlset(_good(e, 1), "&l11;").replace('<?xml version="1.0"?>', _DOCTYPE))
_answers("sitemap-offsite", lambda e: _urlset(f"http://{OFFSITE}:{e.headers['host'].rpartition(':')[2]}/stolen.xml",
                                              kind="sitemapindex", entry="sitemap"))  # fmt: skip
_answers("sitemap-private", lambda _: _urlset("http://169.254.169.254/x.xml", kind="sitemapindex", entry="sitemap"))
_answers("sitemap-truncated", lambda e: _urlset(_good(e, 1), _good(e, 2), _good(e, 3)).rpartition("<loc>")[0])
_answers("sitemap-html", lambda _: "<!DOCTYPE html><html><body>404</body></html>")
_answers("sitemap-text", lambda e: f"{_good(e, 1)}\n{_good(e, 2)}\n", **{"Content-Type": "text/plain"})


@fault("feed-bomb")
async def _(exchange: Exchange) -> None:
    await exchange.reply(bomb("gzip"), "200 OK", _XML | {"Content-Encoding": "gzip"})


@fault("feed-slow")
async def _(exchange: Exchange) -> None:
    await exchange.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: 9000\r\n\r\n<rss>")
    await asyncio.sleep(20)


@fault("feed-redirect-private")
async def _(exchange: Exchange) -> None:
    await exchange.reply("", "301 Moved", {"Location": "http://192.168.0.1/feed.xml"})


def _section(name: str, make: Callable[[Exchange], str]) -> None:
    @fault(name)
    async def _(exchange: Exchange) -> None:
        await exchange.reply(f"<!DOCTYPE html><html><body>{make(exchange)}</body></html>")


def _paged(exchange: Exchange) -> int:
    return int(parse_qs(urlsplit(exchange.path).query).get("page", ["1"])[0])


_section(
    "section-endless",
    lambda e: f'<a href="{_good(e, _paged(e))}">خبر</a><a rel="next" href="?page={_paged(e) + 1}">التالي</a>',
)
_section(
    "section-same", lambda e: f'<a href="{_good(e, 1)}">خبر</a><a rel="next" href="?page={_paged(e) + 1}">التالي</a>'
)
_section("section-calendar", lambda e: f'<a href="{_good(e, 1)}">خبر</a>'
         + "".join(f'<a href="/calendar/{year}/{month}">تقويم</a>' for year in range(1, 3000, 9) for month in range(1, 13)))  # fmt: skip
_section("section-hostile-links", lambda e: f'<a href="javascript:x">a</a><a href="http://[::1">b</a><a href="mailto:x@y.z">c</a><a>d</a>'
         f'<a href="http://{OFFSITE}/news/stolen-9.html">e</a><a href="{_good(e, 1)}">خبر</a>')  # fmt: skip
_section("section-base-offsite", lambda e: f'<base href="http://{OFFSITE}/"><a href="/news/stolen-10.html">أ</a>'
         f'<a href="{_good(e, 1)}">خبر</a>')  # fmt: skip
_section(
    "section-next-offsite",
    lambda e: f'<a href="{_good(e, 1)}">خبر</a><a rel="next" href="http://{OFFSITE}/stolen">التالي</a>',
)
_section("section-binary", lambda _: "\x00\x01\x02" * 3000)
