"""The links of a page with what stands around them: text, heading, list or box, and where on the page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml import html as lxml_html

from newscrawl.arabic import decode
from newscrawl.arabic.references import unescape
from newscrawl.discovery.early_ends import without_ends
from newscrawl.discovery.identity import normalise_url

# Where a link stands: in the head or a header of the answer, in navigation, in a headline, in a footer, in a script's
# data, or somewhere else.
Place = Literal["head", "navigation", "headline", "footer", "data", "body"]

MAX_LINKS = 5000
_LONGEST_URL = 2000
_TEXT = 300
_DEEPEST = 200
_NAVIGATION = re.compile(r"(?:^|[-_\s])(?:nav|navbar|navigation|menu|topbar|top-bar|mainmenu|قائمة)", re.IGNORECASE)
_FOOTER = re.compile(r"(?:^|[-_\s])(?:footer|foot|colophon|copyright)", re.IGNORECASE)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5"})
_LOCATION = re.compile(
    r"""(?:location(?:\.href)?\s*=\s*|location\.(?:assign|replace)\s*\(\s*|window\.open\s*\(\s*)(["'])(.+?)\1"""
)
# A function of the page's own that is given an address; of a text of so many words, or it may do anything with it.
_CALL = re.compile(r"""\w\s*\(\s*(["'])((?:https?:/)?/[^"']+)\1""")
_TITLE_WORDS = 3
_REFRESH = re.compile(r"""^\s*[\d.]*\s*[;,]?\s*url\s*=\s*(.+)$""", re.IGNORECASE | re.DOTALL)
_LINK_HEADER = re.compile(r'<([^>]*)>((?:\s*;\s*[\w*!-]+\s*(?:=\s*(?:"[^"]*"|[^",;\s]+))?)*)')
_PARAMETER = re.compile(r';\s*([\w*!-]+)\s*(?:=\s*(?:"([^"]*)"|([^",;\s]+)))?')
_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?([A-Za-z0-9_:.-]+)""", re.IGNORECASE)
_CARD_ATTRIBUTES = ("data-href", "data-url", "data-link", "data-permalink")
# Under these names scripts keep the addresses of pages; under others, those of pictures and programs.
_DATA_KEYS = frozenset({"href", "url", "link", "path", "permalink", "canonical", "fullurl", "pageurl", "slug", "uri"})
_FEED_KEYS = frozenset({"rss", "atom", "feed", "rssurl", "feedurl", "rss_url", "feed_url", "rssfeed", "rsslink"})
# "window.__INITIAL_STATE__ = {...};": what a page was made from, for the script that goes on with it.
_ASSIGNED = re.compile(r"(?:(?:var|let|const)\s+)?[\w.$]+(?:\[[\"']\w+[\"']\])?\s*=\s*(?=[{\[])")
_DATA_TITLES = ("label", "title", "name", "text", "headline")


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link, absolute and without its fragment; `marks` is what icons and pictures inside it are called, `name` its
    text or, of a link without, its title or what its picture shows.
    """

    url: str
    text: str = ""
    place: Place = "body"
    rel: frozenset[str] = frozenset()
    type: str = ""
    hreflang: str = ""
    marks: str = ""
    name: str = ""
    heading: str = ""
    is_anchor: bool = True


@dataclass(slots=True)
class PageLinks:
    """What one page links to, in its own order; `frames` are the pages that it is made of or sends on to."""

    url: str
    links: list[PageLink] = field(default_factory=list)
    frames: list[str] = field(default_factory=list)


def page_links(body: bytes, url: str, headers: Mapping[str, str] | None = None) -> PageLinks:
    """The links of an HTML page, at most MAX_LINKS; none of what is no HTML. ValueError for no http(s) URL."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise ValueError(f"not an absolute http(s) URL: {url!r}")
    named = {name.lower(): value for name, value in (headers or {}).items()}
    found = PageLinks(url)
    found.links += _header_links(named.get("link", ""), url)
    root = _parse(body, named.get("content-type", ""))
    if root is None:
        return found
    base = url
    for element in root.iter("base"):
        if element.get("href"):
            base = _join(url, element.get("href")) or url
            break
    found.frames += _frames(root, base)
    for link in _links(root, base):
        if len(found.links) == MAX_LINKS:
            break
        found.links.append(link)
    return found


def _parse(body: bytes, content_type: str) -> etree._Element | None:
    label = content_type.partition("charset=")[2].strip("\"' ;") or None
    if label is None and (match := _CHARSET.search(body[:4096])):
        label = match[1].decode("ascii")
    text, _ = decode(body, label)
    if "<" not in text:
        return None
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, huge_tree=False)
    try:
        source = without_ends(text).replace("\0", "").encode("utf-8", "replace")
        return lxml_html.document_fromstring(source, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def _join(base: str, reference: str | None) -> str | None:
    """An absolute http(s) URL without fragment; None for what is none, or longer than anybody's."""
    text = "".join((reference or "").split("\n")).replace("\r", "").replace("\t", "").strip()
    if text.lower().startswith("feed:"):
        text = text[5:] if text[5:].lower().startswith(("http:", "https:")) else "http:" + text[5:]
    if not text or text.startswith("#") or len(text) > _LONGEST_URL:
        return None
    try:
        url = urljoin(base, text).partition("#")[0]
        normalise_url(url)
    except ValueError:
        return None
    return url


def _frames(root: etree._Element, base: str) -> Iterator[str]:
    for element in root.iter("frame", "meta"):
        if element.tag == "frame":
            reference = element.get("src")
        elif (element.get("http-equiv") or "").lower() == "refresh":
            match = _REFRESH.match(element.get("content") or "")
            reference = match[1].strip().strip("\"'") if match else None
        else:
            continue
        if (target := _join(base, reference)) is not None:
            yield target


def _links(root: etree._Element, base: str) -> Iterator[PageLink]:
    places: dict[etree._Element, Place] = {}
    heading = ""
    for element in root.iter(etree.Element):
        tag = element.tag if isinstance(element.tag, str) else ""
        parent = element.getparent()
        place = places[element] = _place_in(element, tag, "body" if parent is None else places.get(parent, "body"))
        if tag in _HEADINGS:
            heading = _text(element)
        if tag == "link":
            if (url := _join(base, element.get("href"))) is not None:
                yield _head_link(element, url)
        elif tag in ("a", "area") and element.get("href") and not _is_script(element):
            if (url := _join(base, element.get("href"))) is not None:
                yield _anchor(element, url, place, heading)
        elif tag == "script":
            yield from _data_links(element, base)
        elif (reference := _card(element)) and (url := _join(base, reference)) is not None:
            text = _text(element)
            yield PageLink(url, text=text, name=text, place="headline" if _has_heading(element) else place)


def _is_script(element: etree._Element) -> bool:
    return (element.get("href") or "").lstrip().lower().startswith("javascript:")


def _place_in(element: etree._Element, tag: str, outer: Place) -> Place:
    """The place of what stands in an element that stands in `outer`."""
    named = f"{element.get('class') or ''} {element.get('id') or ''}"
    if tag == "footer" or (outer != "footer" and tag != "a" and _FOOTER.search(named)):
        return "footer"
    if tag in _HEADINGS and outer in ("body", "navigation"):
        return "headline"
    if tag == "nav" or (tag != "body" and outer == "body" and _NAVIGATION.search(named)):
        return "navigation"
    return outer


def _text(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext()))[: 4 * _TEXT].split())[:_TEXT]


def _has_heading(element: etree._Element) -> bool:
    return next(element.iter(*_HEADINGS), None) is not None


def _head_link(element: etree._Element, url: str) -> PageLink:
    return PageLink(
        url,
        text=" ".join((element.get("title") or "").split()),
        place="head",
        rel=frozenset((element.get("rel") or "").lower().split()),
        type=(element.get("type") or "").lower().strip(),
        hreflang=(element.get("hreflang") or "").lower(),
        is_anchor=False,
    )


def _anchor(element: etree._Element, url: str, place: Place, heading: str) -> PageLink:
    inner = next(element.iter(*_HEADINGS), None)
    text = _text(element if inner is None else inner)
    marks = [element.get("class") or "", element.get("title") or "", element.get("aria-label") or ""]
    for child in element.iter("i", "span", "img", "use", "svg"):
        marks += [str(value) for name, value in child.attrib.items() if name != "style"][:8]
    return PageLink(
        url,
        text=text,
        place="headline" if inner is not None else place,
        rel=frozenset((element.get("rel") or "").lower().split()),
        type=(element.get("type") or "").lower().strip(),
        hreflang=(element.get("hreflang") or "").lower(),
        marks=" ".join(marks)[:_TEXT],
        name=text or _unwritten_name(element),
        heading=heading,
    )


def _unwritten_name(element: etree._Element) -> str:
    """What a link without text is called: by its title or its label, by the picture or the part of one that it is."""
    names = [element.get("title"), element.get("aria-label"), element.get("alt")]
    names += [image.get("alt") for image in element.iter("img")]
    return " ".join(max((name or "" for name in names), key=len).split())[:_TEXT]


def _card(element: etree._Element) -> str | None:
    """The address of a box that a script makes a link."""
    for name in _CARD_ATTRIBUTES:
        if element.get(name):
            return str(element.get(name))
    written = (element.get("href") if _is_script(element) else element.get("onclick")) or ""
    match = _LOCATION.search(written)
    if match is None and len(_text(element).split()) >= _TITLE_WORDS:
        match = _CALL.search(written)
    return match[2] if match else None


def _data_links(element: etree._Element, base: str) -> Iterator[PageLink]:
    """The addresses in the JSON that a page's script is given."""
    text = (element.text or "").strip()
    if element.get("type") in ("application/json", "application/ld+json"):
        start = 0 if text.startswith(("{", "[")) else -1
    else:
        start = match.end() if (match := _ASSIGNED.match(text)) else -1
    if start < 0:
        return
    try:
        data, _ = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError):
        return
    for reference, title in _strings(data):
        if reference.startswith(("/", "http://", "https://")) and not set(reference) & set("[]{}<> "):
            url = _join(base, reference)
            if url is not None:
                yield PageLink(url, text=title, name=title, place="data")


def _strings(data: Any) -> Iterator[tuple[str, str]]:
    """Addresses and the titles beside them, in the order of the document."""
    waiting: list[tuple[Any, int]] = [(data, 0)]
    while waiting:
        value, depth = waiting.pop()
        if depth > _DEEPEST:
            continue
        if isinstance(value, dict):
            title = next((value[name] for name in _DATA_TITLES if isinstance(value.get(name), str)), "")
            for name, inner in value.items():
                if isinstance(inner, str) and name.lower() in _DATA_KEYS:
                    yield inner, " ".join(unescape(title).split())[:_TEXT]
                elif isinstance(inner, str) and name.lower() in _FEED_KEYS:
                    yield inner, "RSS"
            waiting.extend((inner, depth + 1) for inner in reversed(value.values()) if isinstance(inner, (dict, list)))
        elif isinstance(value, list):
            waiting.extend((inner, depth + 1) for inner in reversed(value))


def _header_links(header: str, url: str) -> Iterable[PageLink]:
    for match in _LINK_HEADER.finditer(header[: 8 * _LONGEST_URL]):
        named = {name.lower(): quoted or bare for name, quoted, bare in _PARAMETER.findall(match[2])}
        if (target := _join(url, match[1])) is not None:
            yield PageLink(
                target,
                text=named.get("title", ""),
                place="head",
                rel=frozenset(named.get("rel", "").lower().split()),
                type=named.get("type", "").lower(),
                hreflang=named.get("hreflang", "").lower(),
                is_anchor=False,
            )
