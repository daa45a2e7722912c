"""XML as publishers really send it, parsed without network, without entities, in bounded memory."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from newscrawl.arabic import decode

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_DECLARED = re.compile(rb"""^[\s\xef\xbb\xbf]*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
# Characters that XML 1.0 forbids (section 2.2); one of them would end the document for a parser.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
_BARE_AMPERSAND = re.compile(r"&(?!#\d+;|#[xX][0-9A-Fa-f]+;|[A-Za-z][A-Za-z0-9]*;)")
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"

# What vocabularies are called here, however a document names them; "" for those that need no prefix.
_PREFIXES = {
    "": "",
    "http://www.w3.org/2005/Atom": "",
    "http://purl.org/atom/ns#": "",
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://channel.netscape.com/rdf/simple/0.9/": "",
    "http://backend.userland.com/rss2": "",
    "http://www.sitemaps.org/schemas/sitemap/0.9": "",
    "http://www.google.com/schemas/sitemap/0.84": "",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner:",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf:",
    "http://www.google.com/schemas/sitemap-news/0.9": "news:",
}

# Old servers print warnings before the document.
_START = re.compile(r"<(?:\?xml|rss|feed|rdf:RDF|urlset|sitemapindex)\b", re.IGNORECASE)


def parser_options() -> dict[str, Any]:
    """How every XML parser of discovery is set: nothing is fetched, no entity is expanded, depth is limited."""
    return {
        "resolve_entities": False,
        "no_network": True,
        "load_dtd": False,
        "huge_tree": False,
        "remove_comments": True,
    }


def parse_xml(body: bytes, charset: str | None = None) -> etree._Element | None:
    """The root of a document, repaired where it is broken; None where there is none.

    `charset` is what the HTTP header declares. Undeclared prefixes, bare ampersands, forbidden characters, white space
    before the declaration, HTML entities and unclosed elements cost at most the place where they stand.
    """
    declared = _DECLARED.match(body[:300])
    text, _ = decode(body, declared[1].decode("ascii") if declared else charset)
    if start := _START.search(text, 0, 4096):
        text = text[start.start() :]
    text = _DECLARATION.sub("", text.lstrip("\ufeff\u200b \t\r\n"), count=1).lstrip()
    if not text.startswith("<"):
        return None
    try:
        strict = etree.XMLParser(encoding="utf-8", **parser_options())
        return etree.fromstring(_FORBIDDEN.sub("", text).encode(), strict)
    except etree.XMLSyntaxError:
        repaired = "".join(
            part if part.startswith("<![CDATA[") else _BARE_AMPERSAND.sub("&amp;", part)
            for part in _CDATA.split(_FORBIDDEN.sub("", text))
        )
        lenient = etree.XMLParser(encoding="utf-8", recover=True, **parser_options())
        try:
            return etree.fromstring(repaired.encode(), lenient)
        except etree.XMLSyntaxError:
            return None


def name_of(element: etree._Element) -> str:
    """An element's name with the usual prefix of its vocabulary ("item", "dc:date"); "" for what is no element."""
    tag: object = element.tag  # a function for comments, processing instructions and entities
    if not isinstance(tag, str):
        return ""
    if not tag.startswith("{"):
        return tag  # a prefix that nobody declared stays in the name
    namespace, _, name = tag[1:].partition("}")
    prefix = _PREFIXES.get(namespace.strip())
    return f"{prefix}{name}" if prefix is not None else f"?:{name}"


def text_of(element: etree._Element) -> str:
    """All text inside an element, entities that the parser left alone as HTML understands them."""
    parts = [element.text or ""]
    for child in element:
        if child.tag is etree.Entity:
            parts.append(html.unescape(child.text or ""))
        elif isinstance(child.tag, str):
            parts.append(text_of(child))
        parts.append(child.tail or "")
    return "".join(parts)


def resolve(element: etree._Element, reference: str, url: str) -> str:
    """A reference inside a document as an absolute URL, by the nearest xml:base or the document's own URL."""
    bases = [base for node in (element, *element.iterancestors()) if (base := node.get(_XML_BASE))]
    for base in reversed(bases):
        url = urljoin(url, base.strip())
    return urljoin(url, reference.strip())
