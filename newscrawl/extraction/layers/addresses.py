"""The addresses that a page claims for its story."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from newscrawl.extraction.fields import JSON_LD, META, OPEN_GRAPH
from newscrawl.extraction.layers import json_ld
from newscrawl.extraction.page.page import Page

# Some templates name the front page, in whatever language, as the canonical of every story.
_FRONT = re.compile(r"/?(?:(?:[a-z]{2}|arabic|home|main)/?)?(?:(?:index|default|home)\.\w+)?/?", re.IGNORECASE)


class Claim(NamedTuple):
    """An absolute address and the layer that names it."""

    url: str
    layer: str


def is_front_page(url: str) -> bool:
    """Whether an address is that of a site, not of a story: no path but a language or "index.html", and no query."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return not parts.query and _FRONT.fullmatch(parts.path) is not None


def claims(page: Page, node: dict[str, Any] | None) -> Iterator[Claim]:
    """What a page says its address is, most trusted first; no front page, unless the page is one. `node` is its
    json_ld.story_node."""
    named = [
        (page.canonical, META),
        (page.first_meta("og:url"), OPEN_GRAPH),
        *((url, JSON_LD) for url in (json_ld.addresses(node) if node else ())),
        (page.first_meta("twitter:url"), META),
    ]
    for href, layer in named:
        url = page.absolute(href.partition("#")[0]) if href else None
        if url is not None and (is_front_page(page.url) or not is_front_page(url)):
            yield Claim(url, layer)


def claimed_by_file(page: Page) -> str | None:
    """The address of a story that was saved to a file: the first with a path, else the first at all."""
    found = [claim.url for claim in claims(page, json_ld.story_node(page))]
    short = (page.absolute(href) for href in page.links("shortlink"))
    found += [url for url in short if url and not is_front_page(url)]
    same = (link for link in page.tagged("link") if (link.get("hreflang") or "").lower().startswith("ar"))
    found += [url for link in same if (url := page.absolute(link.get("href", ""))) and not is_front_page(url)]
    others = (page.canonical, page.absolute(page.first_meta("og:url") or ""))
    return next((url for url in found if not is_front_page(url)), None) or next(filter(None, (*found, *others)), None)
