"""The stories that a home page links to: told by their titles first, then by the shape that these addresses have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from newscrawl.discovery.home_scope import Scope
from newscrawl.discovery.home_words import (
    begins_as_service,
    is_file,
    is_service_address,
    is_service_text,
    leads_to_no_story,
    without_way_back,
)
from newscrawl.discovery.identity import normalise_url
from newscrawl.discovery.other_pages import is_other_page
from newscrawl.discovery.page_links import PageLink
from newscrawl.discovery.shapes import Shapes, learn

# A title has so many words and letters; a desk's name has fewer.
_TITLE_WORDS, _TITLE_LETTERS = 3, 12
_FORMS = ("/amp/", "/print/", "://m.", "://amp.", "://mobile.")


@dataclass(frozen=True, slots=True)
class Stories:
    """The addresses of a page's stories in its order, one for each story, and the shape that they have."""

    urls: list[str]
    shapes: Shapes


def is_titled(text: str) -> bool:
    """Whether a link's text is as long as a headline."""
    return len(text.split()) >= _TITLE_WORDS and len(text) >= _TITLE_LETTERS


def find_stories(links: Sequence[PageLink], scope: Scope) -> Stories:
    """The stories among a page's links."""
    possible = [link for link in links if _may_be_story(link, scope)]
    titled = [link.url for link in possible if is_titled(link.name) and link.place not in ("navigation", "footer")]
    plain = [url for url in titled if not is_other_page(url)]
    if 2 * len(plain) >= len(titled):
        titled = plain
    known = set(titled)
    others = [link.url for link in links if link.url not in known and _is_other(link, scope)]
    shapes = learn(map(without_way_back, titled), others)
    chosen: dict[str, PageLink] = {}
    for link in possible:
        identity = shapes.identity(link.url)
        if identity is not None and (identity not in chosen or _rank(link) < _rank(chosen[identity])):
            chosen[identity] = link
    return Stories([link.url for link in chosen.values()], shapes)


def _may_be_story(link: PageLink, scope: Scope) -> bool:
    url = link.url
    return (
        (link.is_anchor or link.place == "data")
        and scope.owns(url)
        and urlsplit(url).path.strip("/") + urlsplit(url).query != ""
        and not is_file(url)
        and not is_service_address(url)
        and not (link.place in ("footer", "navigation") and begins_as_service(link.text))
        and not leads_to_no_story(without_way_back(url) if is_titled(link.name) else url)
    )


def _is_other(link: PageLink, scope: Scope) -> bool:
    """Whether a link surely leads to no story: a desk of the navigation, a page about the site."""
    short = len(link.text.split()) < _TITLE_WORDS
    return scope.owns_host(link.url) and (
        is_service_text(link.text) or (short and bool(link.text) and link.place in ("navigation", "footer"))
    )


def _rank(link: PageLink) -> tuple[bool, bool, int, int]:
    """Of several addresses of one story the one that says least: no form, no query, from the headline."""
    normal = normalise_url(link.url)
    form = any(mark in link.url for mark in _FORMS) or normal.endswith(("/amp", "/print"))
    form = form or "print" in urlsplit(normal).query.lower()
    return form, "%25" in link.url, len(urlsplit(link.url).query), link.place != "headline"
