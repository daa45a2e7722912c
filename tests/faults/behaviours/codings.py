"""Compression: bombs, lies and cuts. Charsets: wrong, missing and mixed."""

from __future__ import annotations

import gzip
import zlib
from functools import cache

import brotli

try:
    from compression import zstd
except ImportError:
    from backports import zstd

from tests.faults.pages import article_page
from tests.faults.server import Exchange, fault

_BOMB_BYTES = 400 * 1024 * 1024


@cache
def bomb(coding: str) -> bytes:
    """400 MiB of zeros, compressed a MiB at a time."""
    block = b"\0" * (1024 * 1024)
    compressor = {
        "gzip": lambda: zlib.compressobj(9, zlib.DEFLATED, 31),
        "deflate": lambda: zlib.compressobj(9),
        "br": lambda: brotli.Compressor(quality=5),
        "zstd": lambda: zstd.ZstdCompressor(),
    }[coding]()
    feed = compressor.process if coding == "br" else compressor.compress
    parts = [feed(block) for _ in range(_BOMB_BYTES // len(block))]
    parts.append(compressor.finish() if coding == "br" else compressor.flush())
    return b"".join(parts)


def _encoded(name: str, coding: str) -> None:
    @fault(name)
    async def _(exchange: Exchange) -> None:
        await exchange.reply(bomb(coding.split(",")[0]), "200 OK", {"Content-Encoding": coding})


for _coding in ("gzip", "deflate", "br", "zstd"):
    _encoded(f"bomb-{_coding}", _coding)


@fault("bomb-nested-gzip")
async def _(exchange: Exchange) -> None:
    await exchange.reply(gzip.compress(bomb("gzip")), "200 OK", {"Content-Encoding": "gzip, gzip"})


def _lie(name: str, coding: str) -> None:
    @fault(name)
    async def _(exchange: Exchange) -> None:
        await exchange.reply(article_page(exchange.slug), "200 OK", {"Content-Encoding": coding})


for _coding in ("gzip", "deflate", "br", "zstd"):
    _lie(f"lie-{_coding}", _coding)
_lie("unknown-coding", "morse")
_lie("identity-coding", "identity")


@fault("gzip-cut")
async def _(exchange: Exchange) -> None:
    page = article_page(exchange.slug, tail="<!-- " + "".join(map(str, range(9000))) + " -->")
    await exchange.reply(gzip.compress(page.encode())[:-900], "200 OK", {"Content-Encoding": "gzip"})


@fault("gzip-bad-checksum")
async def _(exchange: Exchange) -> None:
    body = gzip.compress(article_page(exchange.slug).encode())
    await exchange.reply(body[:-8] + b"\0" * 8, "200 OK", {"Content-Encoding": "gzip"})


@fault("gzip-twice")
async def _(exchange: Exchange) -> None:
    body = gzip.compress(gzip.compress(article_page(exchange.slug).encode()))
    await exchange.reply(body, "200 OK", {"Content-Encoding": "gzip, gzip"})


def _charset(name: str, real: str, declared: str | None, meta: str = "utf-8") -> None:
    @fault(name)
    async def _(exchange: Exchange) -> None:
        body = article_page(exchange.slug, charset=meta).encode(real, "xmlcharrefreplace")
        await exchange.reply(
            body, "200 OK", {"Content-Type": f"text/html; charset={declared}" if declared else "text/html"}
        )


_charset("charset-1256-as-utf8", "windows-1256", "utf-8")
_charset("charset-1256-undeclared", "windows-1256", None, "")
_charset("charset-1256-as-latin1", "windows-1256", "iso-8859-1", "iso-8859-1")
_charset("charset-utf8-as-1256", "utf-8", "windows-1256", "windows-1256")
_charset("charset-utf8-undeclared", "utf-8", None, "")
_charset("charset-8859-6", "iso-8859-6", "iso-8859-6", "iso-8859-6")
_charset("charset-utf16", "utf-16", None, "utf-16")
_charset("charset-unknown", "utf-8", "klingon-8", "klingon-8")
_charset("charset-utf7", "utf-8", "utf-7", "utf-7")


@fault("charset-mixed")
async def _(exchange: Exchange) -> None:
    stray = "تعليق قديم".encode("windows-1256")
    await exchange.reply(
        article_page(exchange.slug).encode().replace(b"</article>", b"</article><i>" + stray + b"</i>")
    )


@fault("null-bytes")
async def _(exchange: Exchange) -> None:
    await exchange.reply(article_page(exchange.slug).encode().replace(b"</p>", b"\0</p>\0\0"))
