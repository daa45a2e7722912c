"""OPML, the format in which feed readers hand on lists of feeds (opml.org, 2.0)."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape

from newscrawl.discovery.characters import pieces
from newscrawl.discovery.links import unheard
from newscrawl.discovery.markup import attributes_of, tokens


def feeds_in(body: bytes, *, limit: int) -> Iterator[str]:
    """The addresses of the feeds that an OPML document lists, as they are written, from its first `limit` bytes."""
    for kind, name, written, _ in tokens(pieces(body, limit, unheard)):
        if kind == "start" and name == "outline" and (address := attributes_of(written).get("xmlurl", "").strip()):
            yield unescape(address)
