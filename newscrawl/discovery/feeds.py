"""Feeds: RSS 2.0 and its forebears, RDF (RSS 1.0), Atom."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from newscrawl.discovery.hints import Clock, newest_first, read_language, read_title
from newscrawl.discovery.links import Link, Skip, unheard
from newscrawl.discovery.xml import name_of, parse_xml, resolve, text_of

MAX_ITEMS = 5000
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ITEMS = frozenset({"item", "entry"})
_PUBLISHED = ("pubDate", "published", "dcterms:issued", "issued", "dc:date", "dcterms:created", "date")
_MODIFIED = ("updated", "dcterms:modified", "modified", "lastBuildDate")


def parse_feed(body: bytes, url: str, *, clock: Clock, charset: str | None = None, skip: Skip = unheard) -> list[Link]:
    """The links of a feed, newest first, at most MAX_ITEMS; empty when the document is no feed.

    `skip` is told of each item without a usable link; nothing that is wrong with one item touches another.
    """
    root = parse_xml(body, charset)
    if root is None:
        return []
    language = _channel_language(root)
    links: list[Link] = []
    for item in root.iter(etree.Element):
        if name_of(item) not in _ITEMS:
            continue
        if len(links) == MAX_ITEMS:
            skip("too-many")
        elif (link := _read_item(item, url, clock, language, skip)) is not None:
            links.append(link)
    return newest_first(links)


def _channel_language(root: etree._Element) -> str | None:
    for element in root.iter(etree.Element):
        name = name_of(element)
        if name in _ITEMS:
            break
        if name in ("language", "dc:language") and (language := read_language(text_of(element))):
            return language
    return read_language(root.get(_XML_LANG))


def _own(item: etree._Element) -> Iterator[etree._Element]:
    """An item's children, then what is deeper; never what belongs to an item that a missing end tag put inside."""
    deeper: list[etree._Element] = []
    for child in item:
        if name_of(child) not in _ITEMS:
            yield child
            deeper.append(child)
    for child in deeper:
        yield from _own(child)


def _read_item(item: etree._Element, url: str, clock: Clock, language: str | None, skip: Skip) -> Link | None:
    first: dict[str, str] = {}
    hrefs: dict[str, str] = {}
    for element in _own(item):
        name = name_of(element)
        if name == "link" and (href := element.get("href")):
            hrefs.setdefault(element.get("rel") or "alternate", href)
        elif name == "guid" and element.get("isPermaLink", "true").lower() == "false":
            continue
        elif name and name not in first and (text := text_of(element).strip()):
            first[name] = text
    about = item.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about")
    named = (first.get("feedburner:origLink"), first.get("link"), hrefs.get("alternate"))
    reference = next((text for text in named if text), None)
    if reference is None:
        ids = (first.get("guid"), about, first.get("id"))
        reference = next((text for text in ids if text and text.startswith(("http://", "https://"))), None)
    if reference is None:
        skip("no-link")
        return None
    try:
        target = resolve(item, reference, url)
    except ValueError:
        skip("malformed")
        return None
    if not target.startswith(("http://", "https://")):
        skip("not-http")
        return None
    return Link(
        target,
        title=read_title(first.get("title")),
        published=next((value for name in _PUBLISHED if (value := clock.read(first.get(name)))), None),
        modified=next((value for name in _MODIFIED if (value := clock.read(first.get(name)))), None),
        language=read_language(first.get("dc:language")) or read_language(item.get(_XML_LANG)) or language,
        origin="feed",
    )
