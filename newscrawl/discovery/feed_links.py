"""Which links of a page are feeds of the site's stories, and which pages list further ones.

Rules with their sources: rel is a set of words, type has parameters (RFC 8288, RSS Advisory Board's autodiscovery);
"application/json" alone says nothing (jsonfeed.org); comments' feeds stand beside the stories' on every WordPress site.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, unquote, urlsplit

from newscrawl.discovery.home_words import has_other_language, kind_words, segments_of
from newscrawl.discovery.page_links import PageLink

_FEED_TYPES = frozenset(
    f"application/{name}"
    for name in ("rss+xml", "atom+xml", "rdf+xml", "feed+json", "x-rss+xml", "x-atom+xml", "x.atom+xml", "rss", "atom")
) | {"text/rss+xml", "text/rss", "text/atom+xml", "text/x-rss"}
# As it is mistyped: "application/xml+rss", "rss+xml".
_FEED_TYPE = re.compile(r"(?:^|[/+ -])(?:rss|atom)(?:[+ ]|$)")
# Types that say of a feed no more than that it is text.
_VAGUE_TYPES = frozenset({"", "text/xml", "application/xml", "text/html", "text/plain", "application/json"})
_FEED_EXTENSION = re.compile(r"\.(?:rss|atom|rdf)$", re.IGNORECASE)
_EXTENSION = re.compile(r"\.[a-z0-9]{2,5}$", re.IGNORECASE)
_PAGE_EXTENSION = re.compile(r"\.(?:s?html?|pdf)$", re.IGNORECASE)
_PIECES = re.compile(r"[-_.+\s\d]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORDS = re.compile(r"[\w+]+")
_ICON = re.compile(r"(?:^|[^a-z])(?:rss|feed|atom)(?:[^a-z]|$)", re.IGNORECASE)
_FORMAT_KEYS = frozenset({"feed", "format", "type", "view", "output"})
_QUERY_FEED = re.compile(r"(?:rss|atom|rdf)[\d.]*", re.IGNORECASE)
# More words than this, and خلاصة is not what a feed is called but what a story is about.
_NAME_WORDS = 4
_SERVICE_OF_MANY = re.compile(r"feedburner|feedpress|feedblitz|(?:^|\.)rss\.app$", re.IGNORECASE)
_FEED_SERVICE = re.compile(rf"^(?:feeds?|rss)\d*\.|{_SERVICE_OF_MANY.pattern}", re.IGNORECASE)
_XML_ICON = re.compile(r"(?:^|[^a-z])xml(?:[^a-z]|$)", re.IGNORECASE)


def is_announced_feed(link: PageLink) -> bool:
    """Whether a link of the head, of the answer's header or with a feed's type names a feed of stories."""
    type_, _, parameters = link.type.partition(";")
    type_ = type_.strip()
    if "type=entry" in parameters.replace(" ", "").replace('"', "") or "stylesheet" in link.rel:
        return False
    is_feed_type = type_ in _FEED_TYPES or _FEED_TYPE.search(type_) is not None
    is_named = bool(link.rel & {"alternate", "feed", "service.feed"}) or (not link.rel and is_feed_type)
    if not is_named or link.hreflang.partition("-")[0] not in ("", "ar", "x") or _is_no_feed(link):
        return False
    if is_feed_type or "feed" in link.rel:
        return True
    if type_ == "application/json":
        return looks_like_feed(link.url)
    return type_ in _VAGUE_TYPES and not link.is_anchor and (looks_like_feed(link.url) or _is_called_feed(link.text))


def is_linked_feed(link: PageLink, *, among_feeds: bool = False) -> bool:
    """Whether a link of the page's body leads to a feed: by its address, its text, or the icon that it is.

    `among_feeds` says that the page lists feeds: there an address that ends in an XML file is one, too.
    """
    if not link.is_anchor or _is_no_feed(link):
        return False
    if is_announced_feed(link):
        return True
    path = urlsplit(link.url).path
    if looks_like_feed(link.url):
        return _asks_for_feed(link.url) or not is_story_of_feeds(link)
    if _PAGE_EXTENSION.search(path):
        return False
    if among_feeds and ("xml" in _lower(segments_of(link.url)) or path.lower().endswith(".xml")):
        return True
    is_icon = not link.text.strip()
    if is_icon and path.lower().endswith(".xml") and _XML_ICON.search(link.marks):
        return True
    if link.place == "navigation":
        return False
    if is_icon:
        return bool(_ICON.search(link.marks))
    return _is_called_feed(link.text, is_desk_unlikely=link.place == "footer") and not is_story_of_feeds(link)


def is_feed_directory(link: PageLink) -> bool:
    """Whether a link is called a feed, but leads to a page: one that may list feeds."""
    if not link.is_anchor or _is_no_feed(link) or not _is_called_feed(link.text):
        return False
    return bool(_PAGE_EXTENSION.search(urlsplit(link.url).path)) and not is_story_of_feeds(link)


def looks_like_feed(url: str) -> bool:
    """Whether an address is one that feeds have: /rss, /feed/, /rss/all.xml, ?feed=rss2, /news.rss."""
    return _asks_for_feed(url) or any(_is_feed_segment(segment) for segment in segments_of(url))


def _asks_for_feed(url: str) -> bool:
    """Whether the query or the extension says that a feed is wanted."""
    parts = urlsplit(url)
    asked = (value for key, value in parse_qsl(parts.query) if key.lower() in _FORMAT_KEYS)
    named = any(_QUERY_FEED.fullmatch(value) or value.lower() == "feed" for value in asked)
    return named or _FEED_EXTENSION.search(parts.path) is not None


def _is_feed_segment(segment: str) -> bool:
    name = _EXTENSION.sub("", segment)
    if name.lower() in kind_words("feed-segment"):
        return True
    pieces = [piece.lower() for piece in _PIECES.split(_CAMEL.sub("-", name)) if piece]
    known = kind_words("feed-segment")
    return any(piece in known for piece in pieces) and all(
        piece in known or piece in kind_words("feed-beside") for piece in pieces
    )


def is_feed_service(url: str) -> bool:
    """Whether an address is that of a host that serves feeds, perhaps of many sites."""
    return _FEED_SERVICE.search(urlsplit(url).hostname or "") is not None


def is_service_of_many(url: str) -> bool:
    """Whether an address is that of a host which is known to serve feeds of many sites."""
    return _SERVICE_OF_MANY.search(urlsplit(url).hostname or "") is not None


def is_story_of_feeds(link: PageLink) -> bool:
    """Whether feeds are only what the text is about."""
    return len(link.text.split()) > _NAME_WORDS and not link.text.startswith(("http://", "https://"))


def _is_called_feed(text: str, *, is_desk_unlikely: bool = False) -> bool:
    words = _lower(_WORDS.findall(text))
    if not words or len(words) > _NAME_WORDS:
        return False
    names = kind_words("feed-title")
    # A desk may be called تغذية (nutrition) or خلاصات (summaries); alone, or behind other words, it says no more.
    return "rss" in words or (words[0] in names and (len(words) > 1 or words[0].isascii() or is_desk_unlikely))


def _is_no_feed(link: PageLink) -> bool:
    segments = _lower(segments_of(link.url))
    values = _lower(value for _, value in parse_qsl(urlsplit(link.url).query))
    barred = kind_words("no-feed")
    if any(word in barred for word in (*segments, *values)):
        return True
    titles = kind_words("no-feed-title")
    named = f"{link.text} {link.heading}" if link.is_anchor and not link.text else link.text
    return any(word in titles for word in _lower(_WORDS.findall(named))) or has_other_language(link.url)


def _lower(texts: Iterable[str]) -> list[str]:
    return [unquote(text).lower() for text in texts]
