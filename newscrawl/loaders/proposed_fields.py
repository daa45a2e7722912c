"""What could mark a field on a page: the names of the elements that show what the generic reading found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from newscrawl.arabic import clean
from newscrawl.extraction.elements.blocks import text_of
from newscrawl.extraction.elements.naming import Name, names_of
from newscrawl.extraction.page.page import Page
from newscrawl.extraction.page.selectors import select
from newscrawl.extraction.reading import Reading
from newscrawl.items import Article

_LISTS = frozenset({"authors", "tags"})
# A label that may stand beside a value in its element: "تاريخ النشر: ", "بقلم: ".
_LONGEST_LABEL = 40
_SHORTEST_PIECE = 2
_MOST_SHOWN, _MOST_ABOVE = 12, 4
# What repeats on every page: a desk's name in the menu is not that of the story.
_MENUS = frozenset({"nav", "footer"})
# Attributes that hold a date, and the address of a picture.
_STAMPS = ("datetime", "content", "data-date", "title")
_PICTURES = ("src", "data-src", "data-lazy-src", "data-original")


@dataclass(frozen=True, slots=True)
class Sample:
    """A page, and how it reads without rules."""

    page: Page
    article: Article
    reading: Reading

    def layer(self, name: str) -> str:
        """The layer that answers a field of the record; "" where none does."""
        return self.article.provenance.get(name, "") if getattr(self.article, name) else ""


def values(one: Sample, name: str) -> list[str]:
    """What the generic reading found for a field of Rules, as the page says it."""
    article = one.article
    if name == "published":
        return [article.published_raw] if article.published_raw else []
    if name == "modified":
        modified = one.reading.dates.modified() if article.modified_at else None
        return [modified.raw] if modified and modified.raw else []
    if name in ("image", "caption"):
        first = article.images[0] if article.images else None
        value = (first.url if name == "image" else first.caption) if first else None
    else:
        value = getattr(article, name)
    return value if isinstance(value, list) else [value] if value else []


def candidates(one: Sample, name: str) -> set[Name]:
    """The selectors of elements that show the value of a field; of a list, those that are common to all its values."""
    found: set[Name] | None = None
    for value in values(one, name):
        here = set(_names(one.page, name, value))
        found = here if found is None else found & here
    return found or set()


def is_single(selector: str, name: str, samples: Sequence[Sample]) -> bool:
    """Whether a selector finds one element on every page that shows the field, or all members of a list, and at most
    one on the others."""
    for one in samples:
        found = select(one.page.tree, selector)
        expected = len(values(one, name))
        if (name not in _LISTS and len(found) > 1) or (expected and not found) or (not expected and found):
            return False
        if name == "tags" and len(found) != expected:
            return False
    return True


def _names(page: Page, name: str, value: str) -> Iterator[Name]:
    if name == "image":
        yield from _by_attribute(page, value, _PICTURES, is_address=True)
        return
    if name in ("published", "modified"):
        yield from _by_attribute(page, value, _STAMPS)
    for element in islice(_showing(page, value), _MOST_SHOWN):
        yield from names_of(element)


def _by_attribute(page: Page, value: str, attributes: Sequence[str], *, is_address: bool = False) -> Iterator[Name]:
    body = page.root.find("body")
    for element in body.iter() if body is not None else ():
        for attribute in attributes:
            held = element.get(attribute)
            if held and (page.absolute(held) if is_address else held) == value:
                for one in names_of(element):
                    yield one._replace(selector=f"{one.selector}::attr({attribute})")


def _showing(page: Page, value: str) -> Iterator[etree._Element]:
    """The elements whose text is a value, with a short label perhaps, in the order of the page."""
    wanted = _plain(value)
    seen = set()
    for text, element in page.texts:
        piece = _plain(text)
        if len(piece) < _SHORTEST_PIECE or not (piece in wanted or wanted in piece):
            continue
        if any(box.tag in _MENUS and "crumb" not in box.get("class", "") for box in element.iterancestors()):
            continue
        for around in [element, *islice(element.iterancestors(), _MOST_ABOVE)]:
            if around in seen:
                break
            seen.add(around)
            whole = _plain(text_of(around))
            if len(whole) > len(wanted) + _LONGEST_LABEL:
                break
            if wanted in whole:
                yield around


def _plain(text: str) -> str:
    return " ".join(clean(text).split())
