"""The metadata layer: JSON-LD, Open Graph, meta elements and microdata."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, cast

from newscrawl.arabic import fold
from newscrawl.extraction.elements.markup import plain_text
from newscrawl.extraction.fields import META, OPEN_GRAPH, Field, RawFields
from newscrawl.extraction.layers import addresses, json_ld, microdata
from newscrawl.extraction.layers.keywords import keywords
from newscrawl.extraction.page.page import Page
from newscrawl.tables import read_table

# How Yoast, on most WordPress sites, labels the author of a page for X.
_WRITTEN_BY = frozenset(map(fold, ("Written by", "كُتب بواسطة", "كتب بواسطة", "بواسطة", "الكاتب", "By")))
_NO_LETTER = re.compile("[^a-z0-9]+")
# A name that the table lacks and that is made of these words says when the story was published.
_PUBLISHED_NAME = re.compile(r"(?=.*(?:date|time))(?=.*(?:publish|publication|pubdate|issued|posted|original))")
_OF_OTHERS = re.compile("modif|updat|video|music|event|book|copyright|expir|publisher|unpublish")
# "الخطيب، منى", as libraries write.
_FAMILY_NAME_FIRST = re.compile(r"^([^,،]+)[,،]\s*([^,،]+)$")
_AUTHORITIES = ("http:", "https:", "/", "@", "www.")


@cache
def _meta_names() -> list[tuple[Field, str]]:
    rows = (row.split("\t") for row in read_table("newscrawl.extraction", "meta_names.tsv"))
    return [(cast(Field, field), name) for field, names in rows for name in names.split("|")]


@cache
def _known_names() -> frozenset[str]:
    return frozenset(name for _, name in _meta_names())


def read(page: Page, node: dict[str, Any] | None, fields: RawFields) -> None:
    """Offers what a page's metadata say, most trusted first; `node` is its json_ld.story_node."""
    graph = page.json_ld
    if node is not None:
        json_ld.read_story(graph, node, fields)
    named = _by_letters(page)
    for field, name in _meta_names():
        if field != "authors":
            for value in named.get(name, ()):
                fields.offer(field, value, META)
    for value in _published_by_words(named):
        fields.offer("published", value, META)
    microdata.read(page, fields)
    json_ld.read_page(graph, node, fields)
    fields.offer("title", plain_text(page.first_meta("og:title") or ""), OPEN_GRAPH)
    fields.offer("title", plain_text(page.first_meta("twitter:title", "title", "headline", "dc.title") or ""), META)
    fields.offer("title", page.title, META)
    for field, name in _meta_names():
        if field == "authors":
            names = [plain_text(value) for value in named.get(name, ()) if not value.startswith(_AUTHORITIES)]
            if name == "citationauthor":
                names = [_FAMILY_NAME_FIRST.sub(r"\2 \1", one) for one in names]
            fields.offer("authors", names, META)
    links = (link for link in page.tagged("link") if "author" in link.get("rel", ""))
    fields.offer("authors", [title for link in links if (title := link.get("title"))], META)
    for holder in ("article:author", "profile", "author"):
        parts = [page.first_meta(f"{holder}:{part}") for part in ("first_name", "last_name")]
        if all(parts):
            fields.offer("authors", [plain_text(" ".join(filter(None, parts)))], META)
    for number in ("1", "2"):
        if fold(page.first_meta(f"twitter:label{number}") or "") in _WRITTEN_BY:
            fields.offer("authors", page.meta.get(f"twitter:data{number}"), META)
    fields.offer("section", plain_text(page.first_meta("article:section") or ""), META)
    json_ld.read_breadcrumb(graph, fields)
    fields.offer("section", plain_text(page.first_meta("og:section", "category", "section") or ""), META)
    fields.offer("tags", keywords(page.meta.get("article:tag", ())), META)
    fields.offer("tags", keywords([page.first_meta("news_keywords", "parsely-tags", "sailthru.tags") or ""]), META)
    fields.offer("keywords", page.meta.get("keywords"), META)
    for name in ("og:image", "og:image:url", "og:image:secure_url"):
        fields.offer("image", page.first_meta(name), OPEN_GRAPH)
    fields.offer("image", page.first_meta("twitter:image", "twitter:image:src", "image"), META)
    for url, layer in addresses.claims(page, None):
        fields.offer("canonical", url, layer)
    json_ld.read_paywall(graph, fields)
    tier = page.first_meta("article:content_tier", "content_tier")
    if tier:
        fields.offer("free", tier.lower() == "free", META)


def _by_letters(page: Page) -> dict[str, list[str]]:
    """The meta values of a page by the letters and digits of their names."""
    found: dict[str, list[str]] = {}
    for name, values in page.meta.items():
        found.setdefault(_NO_LETTER.sub("", name), []).extend(values)
    return found


def _published_by_words(named: dict[str, list[str]]) -> Iterator[str]:
    for name, values in named.items():
        is_strange = ("date" in name or "time" in name) and name not in _known_names()
        if is_strange and _PUBLISHED_NAME.match(name) and not _OF_OTHERS.search(name):
            yield from values
