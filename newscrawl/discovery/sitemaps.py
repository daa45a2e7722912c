"""Sitemaps, sitemap indexes and Google News sitemaps, read as a stream whatever their size."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from newscrawl.discovery.hints import Clock, moment, read_language, read_title
from newscrawl.discovery.links import Link, Skip, unheard
from newscrawl.discovery.xml import name_of, parser_options, text_of

MAX_BYTES = 100 * 1024 * 1024  # twice what sitemaps.org allows, uncompressed
MAX_URLS = 100_000
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Sitemap:
    """A further sitemap that an index names, and when it last changed."""

    url: str
    modified: datetime | date | None = None


class _Bounded(io.RawIOBase):
    """Ends after MAX_BYTES, or where a compressed stream breaks off: what came before is still good."""

    def __init__(self, stream: io.BytesIO | gzip.GzipFile) -> None:
        self._stream = stream
        self._left = MAX_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            # read1, because read throws away what it has when the stream breaks off.
            data = self._stream.read1(min(self._left, len(buffer)))
        except (EOFError, OSError, zlib.error):
            data = b""
        self._left -= len(data)
        buffer[: len(data)] = data
        return len(data)


def _opened(body: bytes) -> _Bounded:
    """The document's bytes from its first "<" on, unpacked when they are gzip, whatever the URL or the header says."""
    stream: io.BytesIO | gzip.GzipFile = io.BytesIO(body)
    if body[:2] == _GZIP:
        stream = gzip.GzipFile(fileobj=io.BytesIO(body))
    else:
        stream.seek(max(0, body[:200].find(b"<")))
    return _Bounded(stream)


def parse_sitemap(body: bytes, url: str, *, clock: Clock, skip: Skip = unheard) -> Iterator[Link | Sitemap]:
    """What a sitemap lists, in its own order, at most MAX_URLS entries; nothing when the document is no sitemap.

    A plain text sitemap (one URL a line) is read, too. `skip` is told of each entry without a usable link.
    """
    stream = _opened(body)
    if body[:2] != _GZIP and b"<" not in body[:200]:
        yield from _text_sitemap(stream, url, skip)
        return
    events = etree.iterparse(stream, events=("end",), recover=True, **parser_options())
    given = 0
    try:
        for _, element in events:
            name = name_of(element)
            if name not in ("url", "sitemap"):
                continue
            entry = _read(element, name, url, clock, skip)
            # The tree behind us is let go, or the memory would grow with the document.
            element.clear()
            while element.getprevious() is not None:
                parent = element.getparent()
                if parent is None:
                    break
                del parent[0]
            if entry is not None:
                yield entry
                given += 1
                if given == MAX_URLS:
                    return
    except etree.XMLSyntaxError:
        # The parser gave up on what follows; nothing of what it has read is lost.
        return


def _text_sitemap(stream: _Bounded, url: str, skip: Skip) -> Iterator[Link]:
    for number, line in enumerate(io.BufferedReader(stream)):
        if number == MAX_URLS:
            return
        text = line.decode("utf-8", "replace").strip("\ufeff \t\r\n")
        if text.startswith(("http://", "https://")):
            if text != url:
                yield Link(text, origin="sitemap")
        elif text:
            skip("not-http")


def _read(element: etree._Element, kind: str, url: str, clock: Clock, skip: Skip) -> Link | Sitemap | None:
    texts: dict[str, str] = {}
    for child in element.iter(etree.Element):
        name = name_of(child)
        if name and name not in texts:
            texts[name] = text_of(child).strip()
    if not texts.get("loc"):
        skip("no-link")
        return None
    try:
        target = urljoin(url, texts["loc"])
    except ValueError:
        skip("malformed")
        return None
    if not target.startswith(("http://", "https://")):
        skip("not-http")
        return None
    modified = clock.read(texts.get("lastmod"))
    if kind == "sitemap":
        return Sitemap(target, modified)
    return Link(
        target,
        title=read_title(texts.get("news:title")),
        published=clock.read(texts.get("news:publication_date")),
        modified=modified,
        language=read_language(texts.get("news:language")),
        origin="sitemap",
    )


def wanted(sitemaps: list[Sitemap], since: datetime | date | None) -> list[Sitemap]:
    """The sitemaps of an index that can hold something since then, newest first; those without a date come first.

    An index writes the date of its last change, so what did not change since then holds nothing new.
    """
    undated = [sitemap for sitemap in sitemaps if sitemap.modified is None]
    dated = [(moment(sitemap.modified), sitemap) for sitemap in sitemaps if sitemap.modified is not None]
    dated.sort(key=lambda pair: pair[0], reverse=True)
    floor = moment(since) if since else None
    return undated + [sitemap for changed, sitemap in dated if floor is None or changed >= floor]
