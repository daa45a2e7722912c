"""How deep a page's tree may be: many a question is asked of an element and all around it."""

from __future__ import annotations

from typing import Any

from lxml import etree

from newscrawl.extraction.page.selectors import elements

#: Levels of a tree. Real pages have some thirty; browsers stop at 512, and libxml2 at 2,048.
MOST_LEVELS = 128
_DEEPEST = elements("/*" * MOST_LEVELS + "[*]")


def make_shallow(root: etree._Element) -> None:
    """What stands deeper than MOST_LEVELS comes to stand side by side on the level below that, in the order of the
    page, as browsers have it."""
    for holder in _DEEPEST(root):
        _flatten(holder)


def _flatten(holder: etree._Element) -> None:
    """Makes all below an element its children; every text stays where it is read."""
    found: list[Any] = []
    behind: list[list[str]] = []
    for event, element in etree.iterwalk(holder, events=("start", "end")):
        if element is holder:
            continue
        if event == "start":
            found.append(element)
            behind.append([])
        elif element.tail:
            behind[-1].append(element.tail)
    for element in reversed(found):  # innermost first: lxml looks through all that it moves
        holder.insert(0, element)
    for element, texts in zip(found, behind, strict=True):
        element.tail = "".join(texts) or None
