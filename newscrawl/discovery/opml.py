"""OPML, the format in which feed readers hand on lists of feeds (opml.org, 2.0)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import unescape
from xml.sax.saxutils import escape, quoteattr

from newscrawl.discovery.characters import pieces
from newscrawl.discovery.links import unheard
from newscrawl.discovery.markup import attributes_of, tokens


def feeds_in(body: bytes, *, limit: int) -> Iterator[str]:
    """The addresses of the feeds that an OPML document lists, as they are written, from its first `limit` bytes."""
    for kind, name, written, _ in tokens(pieces(body, limit, unheard)):
        if kind == "start" and name == "outline" and (address := attributes_of(written).get("xmlurl", "").strip()):
            yield unescape(address)


def opml(feeds: Iterable[tuple[str, str]], title: str) -> str:
    """An OPML document of feeds, each a name and an address."""
    outlines = "".join(
        f"<outline type={quoteattr('rss')} text={quoteattr(name)} title={quoteattr(name)} xmlUrl={quoteattr(url)}/>\n"
        for name, url in feeds
    )
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n<head><title>{escape(title)}</title></head>'
    return f"{head}\n<body>\n{outlines}</body>\n</opml>\n"
