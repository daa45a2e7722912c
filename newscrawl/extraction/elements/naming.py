"""How an element can be told by a selector, and how long such a selector is likely to hold.

What an editors' system writes (microdata, ".entry-content", ".field-name-body") outlives a redesign; what a designer
writes (".col-md-8", ".mt-3") does not. The tables editor_names.txt and design_names.txt know the names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum
from functools import cache, lru_cache
from itertools import islice
from typing import NamedTuple

from lxml import etree

from newscrawl.tables import read_table

# Ancestors that may lend an element their name.
_MOST_ABOVE = 6
_MOST_NAMES = 8
_LONGEST_NAME = 60
# A CSS name as it can stand in a selector; one with a figure often counts something ("post-4711", "node-12").
_NAME = re.compile(r"-?[A-Za-z_][A-Za-z_-]*")
# "Article_body__x7Gk2", "kQwRtZ": written by a build. A system's own double underscore has words on both sides.
_BUILT = re.compile(r"__[A-Za-z]*[A-Z][A-Za-z]*$|^[a-z]?[A-Z]*[a-z]+[A-Z]+[a-z]?[A-Z]+\w*$")
# Elements of which a page has one, or whose name says what they are.
_TELLING_TAGS = frozenset({"h1", "article", "main", "address"})
_ATTRIBUTES = ("itemprop", "rel")


class Rank(IntEnum):
    """What a name comes from, the most lasting first."""

    SYSTEM = 0
    PLAIN = 1
    TAG = 2
    DESIGN = 3


class Name(NamedTuple):
    """A selector for an element; names sort by how lasting they are."""

    rank: Rank
    parts: int
    length: int
    selector: str


def names_of(element: etree._Element) -> list[Name]:
    """The selectors that an element could go by, best first: its own names, and those below a named ancestor."""
    own = _own(element)
    found = {name.selector: name for name in own}
    tag = _tag(element)
    lower = [*own, Name(Rank.TAG, 1, len(tag), tag)]
    for above in islice(element.iterancestors(), _MOST_ABOVE):
        for upper in _own(above):
            if upper.selector in ("html", "body"):
                continue
            for name in lower:
                joined = f"{upper.selector} {name.selector}"
                # The tag tells nothing that the ancestor's name does not: it counts as that one's part.
                rank = max(upper.rank, name.rank if name.selector != tag else Rank.SYSTEM)
                found.setdefault(joined, Name(Rank(rank), 2, len(joined), joined))
    return sorted(found.values())


def own_names(element: etree._Element) -> list[Name]:
    """The selectors that an element could go by alone, best first."""
    return sorted(_own(element))


@lru_cache(maxsize=4096)
def rank_of(name: str) -> Rank | None:
    """What a class name or an id comes from; None for one that no selector can be made of: it counts, or is random."""
    if len(name) > _LONGEST_NAME or not _NAME.fullmatch(name) or _BUILT.search(name):
        return None
    system, design = _tables()
    if system.fullmatch(name):
        return Rank.SYSTEM
    return Rank.DESIGN if design.fullmatch(name) or len(name) == 1 else Rank.PLAIN


def _own(element: etree._Element) -> list[Name]:
    tag = _tag(element)
    found: list[Name] = []
    if tag in _TELLING_TAGS:
        found.append(Name(Rank.TAG, 1, len(tag), tag))
    for attribute in _ATTRIBUTES:
        value = element.get(attribute, "")
        if value and _NAME.fullmatch(value):
            selector = f'[{attribute}="{value}"]' if attribute == "itemprop" else f'{tag}[{attribute}="{value}"]'
            found.append(Name(Rank.SYSTEM, 1, len(selector), selector))
    for prefix, names in (("#", [element.get("id", "")]), (".", element.get("class", "").split())):
        for name in names[:_MOST_NAMES]:
            rank = rank_of(name) if name else None
            if rank is not None:
                found.append(Name(rank, 1, len(name) + 1, prefix + name))
                if prefix == ".":
                    found.append(Name(rank, 1, len(tag) + len(name) + 1, f"{tag}.{name}"))
    return found


def _tag(element: etree._Element) -> str:
    return element.tag if isinstance(element.tag, str) else ""


@cache
def _tables() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What editors' systems write, and what designers do."""
    return _expression("editor_names.txt"), _expression("design_names.txt")


def _expression(table: str) -> re.Pattern[str]:
    return re.compile("|".join(_patterns(table)))


def _patterns(table: str) -> Iterator[str]:
    for row in read_table("newscrawl.extraction", table):
        yield re.escape(row.strip()).replace(r"\*", ".*")
