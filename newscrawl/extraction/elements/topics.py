"""Tags, categories and sections, linked or named so, and what a line says without them."""

from __future__ import annotations

from functools import cache, lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit

from lxml import etree

from newscrawl.extraction.elements.blocks import text_of
from newscrawl.extraction.elements.furniture import LONGEST_NAMES
from newscrawl.extraction.elements.roles import Role, own_roles
from newscrawl.tables import read_table


@cache
def _words() -> frozenset[str]:
    return frozenset(read_table("newscrawl.extraction", "topic_paths.txt"))


@lru_cache(maxsize=4096)
def _leads_to_topic(href: str) -> bool:
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    segments = [segment.lower() for segment in unquote(parts.path).split("/") if segment not in ("", ".", "..")]
    keys = {key.lower() for key, value in parse_qsl(parts.query) if value}
    return not _words().isdisjoint(segments[:-1]) or not _words().isdisjoint(keys)


def is_topic_link(element: etree._Element) -> bool:
    """Whether a link goes to a page about a tag, a category, a section or a person that is told of."""
    if element.tag != "a":
        return False
    rel = element.get("rel", "").lower().split()
    return "tag" in rel or "category" in rel or _leads_to_topic(element.get("href", "")[:LONGEST_NAMES])


def _is_topic(element: etree._Element) -> bool:
    named = own_roles(element) if element.tag != "a" else Role.NONE
    return is_topic_link(element) or (bool(named & (Role.TAG | Role.CATEGORY)) and not named & Role.AUTHOR)


def without_topics(element: etree._Element, text: str) -> str:
    """What a line of `element` says besides its links to topics and what is named a tag or a category in it; "" where
    it stands in such a link."""
    if any(map(is_topic_link, (element, *element.iterancestors("a")))):
        return ""
    for topic in filter(_is_topic, element.iterdescendants("a", "span", "em", "i", "b", "strong", "small", "li")):
        text = text.replace(text_of(topic), " ", 1)
    return " ".join(text.split()).strip(" |/-–—•·،,") if text else ""
