"""A page: decoded once, parsed once; every layer reads this one tree."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree

from newscrawl.arabic import decode
from newscrawl.extraction import embedded
from newscrawl.extraction.selectors import elements, string

MAX_BYTES = 16 * 1024 * 1024
_PARSER_OPTIONS: dict[str, Any] = {"recover": True, "huge_tree": True, "remove_comments": True, "remove_pis": True}
_META = elements("//meta[@content][@property or @name or @itemprop]")
_CANONICAL = string("string((//link[@rel='canonical' or @id='canonicalUrl']/@href)[1])")
_BASE = string("string((//base/@href)[1])")
_SCRIPTS = elements("//script[not(@src)]")
_TITLE = string("string(/html/head/title)")
_TEXTS: Any = etree.XPath(
    "/html/body//text()[normalize-space()]"
    "[not(parent::script or parent::style or parent::noscript or parent::template or parent::option"
    " or parent::textarea)]"
)


# libxml2 compares every attribute of a tag with all before it: a tag of many thousand would take hours.
_LONG_TAG, _MOST_ATTRIBUTES = 40_000, 1000
_LONG_TAGS = re.compile(rb"<[a-zA-Z][^<>]{%d,}" % _LONG_TAG)


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
        text, self.encoding = decode(body, _charset(self.headers.get("content-type", "")))
        # libxml2 takes UTF-8 straight; a NUL would end the document for it.
        source = text.replace("\x00", "").encode("utf-8", "replace")
        if not source.strip():
            raise PageError("the page is empty")
        if len(source) > _LONG_TAG and max(map(len, source.split(b">"))) > _LONG_TAG:
            source = _LONG_TAGS.sub(_few_attributes, source)
        self.source = source
        parser = etree.HTMLParser(encoding="utf-8", **_PARSER_OPTIONS)
        try:
            root = etree.fromstring(source, parser)
        except etree.XMLSyntaxError as error:
            raise PageError(f"the page cannot be parsed: {error.msg}") from error
        if root is None:
            raise PageError("the page holds no markup")
        for template in list(root.iter("template")):
            # Not shown, unless it is the shadow of its parent; some sites keep dozens of other stories in them.
            if template.get("shadowrootmode") is None:
                del template[:]
                template.text = None
        self.root: etree._Element = root

    @property
    def host(self) -> str:
        """The host name of the page's URL, lower case, without the port."""
        try:
            return (urlsplit(self.url).hostname or "").lower()
        except ValueError:
            return ""

    @cached_property
    def meta(self) -> dict[str, list[str]]:
        """Every meta value by its lower-case property, name or itemprop, in the order of the page."""
        values: dict[str, list[str]] = {}
        for element in _META(self.root):
            content = element.get("content", "").strip()
            if content:
                for attribute in ("property", "name", "itemprop"):
                    key = element.get(attribute)
                    if key:
                        values.setdefault(key.lower(), []).append(content)
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
        return [(s.get("id") or s.get("type") or "", s.text) for s in _SCRIPTS(self.root) if s.text]

    @cached_property
    def texts(self) -> list[tuple[str, etree._Element]]:
        """(text, the element that shows it) of every text node that a reader could see, in document order."""
        found: list[tuple[str, etree._Element]] = []
        for text in _TEXTS(self.root):
            element = text.getparent()
            if text.is_tail:
                element = element.getparent()
            found.append((text, element))
        return found

    @cached_property
    def json_ld(self) -> list[dict[str, Any]]:
        """Every JSON-LD object of the page, graphs and lists laid flat; broken ones repaired or left out."""
        objects: list[dict[str, Any]] = []
        for script in self.root.iter("script"):
            if "ld+json" in (script.get("type") or "").lower() and script.text:
                objects.extend(embedded.flatten(embedded.loads(script.text)))
        return objects

    @cached_property
    def title(self) -> str:
        """The text of <title> on one line."""
        return " ".join(_TITLE(self.root).split())

    @cached_property
    def canonical(self) -> str | None:
        """The canonical URL that the page claims, absolute; not yet checked against anything."""
        href = _CANONICAL(self.root).strip()
        return self.absolute(href) if href else None

    @cached_property
    def _base(self) -> str:
        href = _BASE(self.root).strip()
        try:
            return urljoin(self.url, href) if href else self.url
        except ValueError:
            return self.url

    def absolute(self, href: str) -> str | None:
        """An absolute http(s) URL; None where the link is no such thing."""
        try:
            url = urljoin(self._base, href.strip())
            return url if urlsplit(url).scheme in ("http", "https") else None
        except ValueError:
            return None


def _few_attributes(tag: re.Match[bytes]) -> bytes:
    words = tag[0].split(None, _MOST_ATTRIBUTES)
    return b" ".join(words[:_MOST_ATTRIBUTES]) if len(words) > _MOST_ATTRIBUTES else tag[0]


def _charset(content_type: str) -> str | None:
    for part in content_type.split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset":
            return value.strip(" \"'") or None
    return None
