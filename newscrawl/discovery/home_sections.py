"""The desks of a site: the lists of stories that its navigation leads to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import parse_qsl, unquote, urlsplit

from newscrawl.discovery.addresses import take_apart
from newscrawl.discovery.feed_links import looks_like_feed
from newscrawl.discovery.home_scope import Scope
from newscrawl.discovery.home_stories import Stories
from newscrawl.discovery.home_words import is_desk_in_menu, is_file, is_service_address, is_service_text, kind_words
from newscrawl.discovery.identity import normalise_url
from newscrawl.discovery.page_links import PageLink

# A desk's name has no more words and letters.
_NAME_WORDS, _NAME_LETTERS = 4, 40
# Parts of a path that a desk has at most, below the site's own.
_DEPTH = 4
# Parameters that name a desk, whatever else they are in stories' addresses.
_DESK_KEYS = frozenset({"cat"})


def find_sections(links: Sequence[PageLink], stories: Stories, scope: Scope) -> list[str]:
    """The addresses of desks in the order of the page, each once: what stands above the first story or in navigation,
    and what stories lie below.
    """
    known = {normalise_url(url) for url in stories.urls}
    first = next((at for at, link in enumerate(links) if normalise_url(link.url) in known), len(links))
    above = {normalise_url(url).partition("?")[0] for url in _parents(stories.urls)}
    found: dict[str, str] = {}
    for at, link in enumerate(links):
        normal = normalise_url(link.url)
        if normal in found or normal in known or not _may_be_section(link, scope):
            continue
        if stories.shapes.identity(link.url) is not None and link.place != "navigation":
            continue
        is_listed = link.place == "navigation" or (at < first and link.place in ("body", "data"))
        if is_listed or link.place == "data" or normal in above:
            found[normal] = link.url
    return list(found.values())


def _may_be_section(link: PageLink, scope: Scope) -> bool:
    url, text = link.url, link.name
    if not (link.is_anchor or link.place == "data") or link.place == "footer" or not scope.owns(url):
        return False
    named = bool(text) and len(text.split()) <= _NAME_WORDS and len(text) <= _NAME_LETTERS
    if not named or is_service_text(text) or is_file(url) or looks_like_feed(url):
        return False
    if is_service_address(url) and not (link.place == "navigation" and is_desk_in_menu(url)):
        return False
    address = take_apart(url)
    is_home_path = unquote(urlsplit(url).path).strip("/") in ("", scope.path.strip("/"))
    if is_home_path and not address.query and address.host == scope.host:
        return False
    barred = kind_words("no-story-key") - _DESK_KEYS
    if any(key.lower() in barred for key, _ in parse_qsl(urlsplit(url).query, keep_blank_values=True)):
        return False
    return "D" not in address.kinds and len(address.parts) <= _DEPTH


def _parents(urls: Iterable[str]) -> Iterable[str]:
    """The addresses above stories, their own excluded."""
    for url in urls:
        parts = urlsplit(url)
        pieces = parts.path.strip("/").split("/")
        for depth in range(1, len(pieces)):
            yield f"{parts.scheme}://{parts.netloc}/{'/'.join(pieces[:depth])}"
