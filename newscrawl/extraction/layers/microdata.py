"""Microdata and RDFa: what attributes of the shown elements say of the story."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from newscrawl.arabic import fold
from newscrawl.extraction.elements.blocks import text_of
from newscrawl.extraction.fields import MICRODATA, Field, RawFields
from newscrawl.extraction.layers.json_ld import NAME_PARTS, STORY_TYPES, told_titles
from newscrawl.extraction.page.page import Page
from newscrawl.extraction.page.selectors import owners

# A page with a hundred comments has some hundred.
_MOST_ITEMS = 3000
_ITEMS = owners("/descendant::*/@itemprop", "/html/body/descendant::*/@property", most=_MOST_ITEMS)
# Drupal 7 writes its only machine date so.
_RDFA_DATES = ("dc:date", "dc:created", "dcterms:created", "dcterms:issued", "dateCreated", "datePublished")
_RDFA_AUTHORS = frozenset({"author", "schema:author", "dc:creator", "dcterms:creator", "rnews:author"})
_MOST_AUTHORS = 12
_MOST_HEADLINES = 100
_MOST_RDFA_DATES = 3
_LONGEST_NAME = 100


def read(page: Page, fields: RawFields) -> None:
    """Offers the dates and authors that attributes name."""
    names: list[str] = []
    items: list[tuple[Field, str]] = []
    dates: list[str] = []
    created: list[str] = []
    found = _ITEMS(page.root)
    others = _other_stories(page, found)
    for element in found:
        if others and not others.isdisjoint(element.iterancestors()):
            continue
        kind = element.get("itemprop", "").lower()
        shown = element.get("property", "") if element.tag != "meta" else ""
        if kind in ("datepublished", "datemodified"):
            items.append(("published" if kind == "datepublished" else "modified", _stamp(element)))
        elif kind == "datecreated":
            created.append(_stamp(element))
        elif kind == "author" or not _RDFA_AUTHORS.isdisjoint(shown.split()):
            name = _name(element) if element.tag != "meta" and len(names) < _MOST_AUTHORS else ""
            if name and len(name) < _LONGEST_NAME and not _is_of_comment(element):
                names.append(name)
        if any(name in shown for name in _RDFA_DATES):
            dates.append(element.get("content") or element.get("datetime") or "")
    for date in dates[:_MOST_RDFA_DATES]:
        fields.offer("published", date, MICRODATA)
    for field, stamp in items:
        fields.offer(field, stamp, MICRODATA)
    for stamp in created[:1]:
        fields.offer("created", stamp, MICRODATA)
    fields.offer("authors", names, MICRODATA)


def _other_stories(page: Page, found: Sequence[etree._Element]) -> set[etree._Element]:
    """The items of other stories: those that have another headline, where one of the items has the page's."""
    headlines = [e for e in found if e.get("itemprop", "").lower() in ("headline", "name")][:_MOST_HEADLINES]
    by_item: dict[etree._Element, set[str]] = {}
    for element in headlines:
        item = next((box for box in element.iterancestors() if box.get("itemtype") is not None), None)
        if item is not None and item.get("itemtype", "").strip().rpartition("/")[2] in STORY_TYPES:
            by_item.setdefault(item, set()).add(fold(element.get("content") or text_of(element)))
    if len(by_item) < 2:
        return set()
    titles = told_titles(page)
    own = {item for item, told in by_item.items() if any(text and text in title for text in told for title in titles)}
    around = {box for item in own for box in item.iterancestors()}
    return by_item.keys() - own - around if own else set()


def _stamp(element: etree._Element) -> str:
    return element.get("content") or element.get("datetime") or element.get("title") or ""


def _name(element: etree._Element) -> str:
    inner = next((e for e in element.iterdescendants() if "name" in (e.get("itemprop"), e.get("property"))), None)
    if inner is None:
        by_part = {e.get("itemprop", ""): e.get("content") or text_of(e) for e in element.iterdescendants()}
        if parts := [by_part[part] for part in NAME_PARTS if by_part.get(part)]:
            return " ".join(parts)
    named = element if inner is None else inner
    return named.get("content") or text_of(named)


def _is_of_comment(element: etree._Element) -> bool:
    return any(
        box.get("itemprop") == "comment" or box.get("itemtype", "").endswith("/Comment")
        for box in element.iterancestors()
    )
