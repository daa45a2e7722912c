"""A page: decoded once, parsed once; every layer reads this one tree."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from functools import cached_property
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree

from newscrawl.arabic import as_utf8
from newscrawl.extraction.page import script_data
from newscrawl.extraction.page.depth import make_shallow
from newscrawl.extraction.page.linked_data import Graph
from newscrawl.extraction.page.open_links import open_links
from newscrawl.extraction.page.optional_tags import begin_body, ends_early, without_ends
from newscrawl.extraction.page.outline import Outline
from newscrawl.extraction.page.selectors import Tree, string
from newscrawl.urls import host_of

MAX_BYTES = 16 * 1024 * 1024
#: Characters of an address that servers take: Apache and nginx stop at eight kilobytes.
LONGEST_URL = 8192
_PARSER_OPTIONS: dict[str, Any] = {
    "recover": True,
    "huge_tree": True,
    "remove_comments": True,
    "remove_pis": True,
    "collect_ids": False,
}
_MOST_ERRORS = 100
# Values of one name of metadata, and characters of a title: each is held against many others.
_MOST_OF_A_NAME, _LONGEST_TITLE = 100, 4000
_TITLE = string("string(/html/head/title)")


# Of random bytes an eighth are control characters; of pages with damage in them one in a thousand.
_HEAD, _MOST_CONTROLS = 8192, 0.02
_NO_CONTROLS = bytes({9, 10, 12, 13, *range(0x20, 0x7F), *range(0x80, 0x100)})
# libxml2 compares every attribute of a tag with all before it: a tag of many thousand would take hours.
_LONG_TAG, _MOST_ATTRIBUTES = 40_000, 1000
# Tags of a page that are read, ends included: the largest real pages and day-long lives have a tenth of them.
_MOST_TAGS = 120_000
_TAG = re.compile(rb"<[a-zA-Z][^<>]*")


class PageError(ValueError):
    """The bytes hold no page: nothing to parse, or larger than MAX_BYTES."""


class Page:
    """The tree of a page and the readings of it that several layers share.

    Raises PageError where there is nothing to parse.
    """

    def __init__(self, body: bytes, url: str, headers: Mapping[str, str] | None = None) -> None:
        if len(body) > MAX_BYTES:
            raise PageError(f"the page has {len(body)} bytes, more than {MAX_BYTES}")
        self.url = url
        self.headers = {name.lower(): value for name, value in (headers or {}).items()}
        if not body or body.isspace():
            raise PageError("the page is empty")
        root, self.encoding = _parsed_as_utf8(body), "utf-8"
        if root is None:
            source, self.encoding = as_utf8(body, _charset(self.headers.get("content-type", "")))
            # A NUL would end the document for libxml2.
            root = _parsed(source.replace(b"\0", b""))[0]
        # Of the wider forms of Unicode every other byte is a control character.
        if not self.encoding.startswith(("utf-16", "utf-32")) and _is_binary(body):
            raise PageError("the bytes are no text")
        if root is None:
            raise PageError("the page holds no markup")
        for template in list(root.iter("template")):
            # Not shown, unless it is the shadow of its parent; some sites keep dozens of other stories in them.
            if template.get("shadowrootmode") is None:
                del template[:]
                template.text = None
        begin_body(root)
        make_shallow(root)
        open_links(root)
        self.root: etree._Element = root
        self._script_values: dict[str, list[Any]] = {}

    def at(self, url: str) -> Page:
        """This page as fetched from another address, with the same tree."""
        page = copy(self)
        page.url = url
        for name in ("host", "canonical", "_base"):
            page.__dict__.pop(name, None)
        return page

    @cached_property
    def host(self) -> str:
        """The host name of the page's URL, as urls.host_of writes it."""
        return host_of(self.url)

    @property
    def path(self) -> str:
        """The path of the page's URL as it is written; "" where that cannot be read."""
        try:
            return urlsplit(self.url).path
        except ValueError:
            return ""

    @cached_property
    def meta(self) -> dict[str, list[str]]:
        """The first meta values by their lower-case property, name or itemprop, in the order of the page."""
        values: dict[str, list[str]] = {}
        for element in self.tagged("meta"):
            content = (element.get("content") or element.get("value") or "").strip()
            if content:
                for attribute in ("property", "name", "itemprop"):
                    key = element.get(attribute)
                    if attribute == "itemprop" and key and _is_of_item(element):
                        continue  # microdata tell of what
                    if key and len(told := values.setdefault(key.lower(), [])) < _MOST_OF_A_NAME:
                        told.append(content)
        return values

    def first_meta(self, *names: str) -> str | None:
        """The first value that one of the names has, in the order of the names."""
        for name in names:
            for value in self.meta.get(name, ()):
                if value:
                    return value
        return None

    @cached_property
    def scripts(self) -> list[tuple[str, str]]:
        """(type or id, text) of every inline script, in the order of the page."""
        inline = (s for s in self.tagged("script") if s.get("src") is None)
        return [(s.get("id") or s.get("type") or "", s.text) for s in inline if s.text]

    def script_values(self, script: str) -> list[Any]:
        """script_data.script_values of the page's scripts, read once for all who ask."""
        if script not in self._script_values:
            self._script_values[script] = list(script_data.script_values(self.scripts, script))
        return self._script_values[script]

    @cached_property
    def states(self) -> list[Any]:
        """The data that the page brings for its framework: React rows, then what script_data.states reads."""
        return [*self.script_values("__next_f"), *script_data.states(self.scripts)]

    @cached_property
    def outline(self) -> Outline:
        """The texts of the body, the parents of its elements, and all elements by their tag."""
        return Outline(self.root)

    @cached_property
    def tree(self) -> Tree:
        """The tree to select from."""
        return Tree(self.root, self.outline)

    def tagged(self, tag: str) -> Sequence[etree._Element]:
        """The elements of the page that have a tag, in document order."""
        return self.outline.tagged.get(tag, ())

    @property
    def texts(self) -> list[tuple[str, etree._Element]]:
        """(text, the element that shows it) of every text that a reader could see, in document order."""
        return self.outline.texts

    @cached_property
    def json_ld(self) -> Graph:
        """The JSON-LD objects of the page; broken ones repaired or left out."""
        scripts = (s for s in self.tagged("script") if "ld+json" in (s.get("type") or "").lower())
        return Graph.of_scripts((script.text or "" for script in scripts), self.url)

    @cached_property
    def title(self) -> str:
        """The text of <title> on one line."""
        return " ".join(_TITLE(self.root).split())[:_LONGEST_TITLE]

    @cached_property
    def canonical(self) -> str | None:
        """The canonical URL that the page claims, absolute; not yet checked against anything."""
        for link in self.tagged("link"):
            is_canonical = "canonical" in _relations(link) or link.get("id") == "canonicalUrl"
            if is_canonical and link.get("href") is not None:
                href = link.get("href", "").strip()
                return self.absolute(href) if href else None
        return None

    def links(self, relation: str) -> list[str]:
        """The addresses that <link>s of a relation name, as written."""
        return [href for e in self.tagged("link") if relation in _relations(e) and (href := e.get("href", "").strip())]

    @cached_property
    def _base(self) -> str:
        href = next((base.get("href", "").strip() for base in self.tagged("base")), "")
        try:
            return urljoin(self.url, href) if 0 < len(href) <= LONGEST_URL else self.url
        except ValueError:
            return self.url

    def absolute(self, href: str) -> str | None:
        """An absolute http(s) URL; None where the link is no such thing, or longer than any server takes."""
        try:
            url = urljoin(self._base, href.strip()) if len(href) <= LONGEST_URL else ""
            return url if urlsplit(url).scheme in ("http", "https") and len(url) <= LONGEST_URL else None
        except ValueError:
            return None


def _is_of_item(element: etree._Element) -> bool:
    return any(box.get("itemtype") is not None and box.tag not in ("html", "body") for box in element.iterancestors())


def _relations(link: etree._Element) -> list[str]:
    return link.get("rel", "").lower().split()


def _parsed_as_utf8(body: bytes) -> etree._Element | None:
    """The root of a page that is UTF-8 to the last byte, as most are; None for any other.

    libxml2 looks at every byte and says where one is no UTF-8; to decode the page first costs up to a third of a parse.
    """
    if b"\0" in body or body.startswith(codecs.BOM_UTF8):
        return None
    root, errors = _parsed(body)
    if len(errors) >= _MOST_ERRORS and as_utf8(body)[0] is not body:  # later ones are not noted
        return None
    return None if any(error.type == etree.ErrorTypes.ERR_INVALID_ENCODING for error in errors) else root


def _is_binary(body: bytes) -> bool:
    """Whether bytes in no Unicode hold more control characters than any page: a picture, an archive, noise."""
    head = body[:_HEAD]
    return len(head.translate(None, _NO_CONTROLS)) > _MOST_CONTROLS * len(head)


def _parsed(source: bytes) -> tuple[etree._Element | None, etree._ListErrorLog]:
    """The root of a document in UTF-8, None where there is no element, and what libxml2 found wrong."""
    if not source or source.isspace():
        raise PageError("the page is empty")
    parser = etree.HTMLParser(encoding="utf-8", **_PARSER_OPTIONS)
    source = _with_short_tags(_with_few_tags(source))
    try:
        root = etree.fromstring(source, parser)
        if root is not None and ends_early(root):
            root = etree.fromstring(without_ends(source), parser)
        return root, parser.error_log
    except etree.XMLSyntaxError as error:
        raise PageError(f"the page cannot be parsed: {error.msg}") from error


def _with_few_tags(source: bytes) -> bytes:
    """The source up to its tag number _MOST_TAGS: an element takes forty times the memory of its three bytes."""
    if source.count(b"<") <= _MOST_TAGS:
        return source
    return source[: len(source) - len(source.split(b"<", _MOST_TAGS)[-1]) - 1]


def _with_short_tags(source: bytes) -> bytes:
    """The source with no more than _MOST_ATTRIBUTES in any tag."""
    pieces = []
    done = 0
    for start in _long_tags(source):
        if tag := _TAG.match(source, start):
            words = tag[0].split(None, _MOST_ATTRIBUTES)
            if len(words) > _MOST_ATTRIBUTES:
                pieces += [source[done:start], b" ".join(words[:_MOST_ATTRIBUTES])]
                done = tag.end()
    return b"".join([*pieces, source[done:]]) if pieces else source


def _long_tags(source: bytes) -> Iterator[int]:
    """Where tags may begin that go on for more than _LONG_TAG bytes: leaps from one tag's end to a far one."""
    end = 0
    while end + _LONG_TAG < len(source):
        last = source.rfind(b">", end, end + _LONG_TAG + 1)
        if last >= 0:
            end = last + 1
            continue
        stop = source.find(b">", end)
        stop = len(source) if stop < 0 else stop
        start = source.find(b"<", end, stop)
        while start >= 0:
            following = source.find(b"<", start + 1, stop)
            if (stop if following < 0 else following) - start > _LONG_TAG:
                yield start
            start = following
        end = stop + 1


def _charset(content_type: str) -> str | None:
    for part in content_type.split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset":
            return value.strip(" \"'") or None
    return None
