"""OPML, the format in which feed readers hand on lists of feeds (opml.org, 2.0)."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape

from newscrawl.discovery.characters import pieces
from newscrawl.discovery.links import unheard
from newscrawl.discovery.markup import attributes_of, tokens


def feeds_in(body: bytes, *, limit: int) -> Iterator[str]:
    """The addresses of the feeds that an OPML document lists, as they are written, from its first `limit` bytes; of an
    entry that names no feed that of its site."""
    for kind, name, written, _ in tokens(pieces(body, limit, unheard)):
        if kind == "start" and name == "outline":
            attributes = attributes_of(written)
            if address := attributes.get("xmlurl", "").strip() or attributes.get("htmlurl", "").strip():
                yield unescape(address)
