"""The outline of a page's tree: its texts, and who stands in whom, noted in one walk that every layer shares."""

from __future__ import annotations

from typing import Any

from lxml import etree

_UNSEEN = frozenset({"script", "style", "noscript", "template", "option", "textarea"})


class Outline:
    """What one walk over an element and all below it noted.

    `texts` are (text, the element that shows it) of every text that a reader could see, in document order; `parents`
    has the parent of every element, the root's own included, in document order.
    """

    def __init__(self, root: etree._Element | None) -> None:
        self.texts: list[tuple[str, etree._Element]] = []
        self.parents: dict[etree._Element, etree._Element | None] = {}
        if root is not None:
            self._walk(root)

    def _walk(self, root: etree._Element) -> None:
        parents, unseen = self.parents, _UNSEEN
        add = self.texts.append
        above = root.getparent()
        if above is not None:
            parents[above] = above.getparent()
        parents[root] = above
        if root.text and not root.text.isspace():
            add((root.text, root))
        top: Any = root
        for element in root.iterdescendants():
            parent = element.getparent()
            # A tail is the text of the element around it, and comes when all inside has been read.
            while top is not parent:
                tail = top.tail
                top = parents[top]
                if tail and not tail.isspace() and top.tag not in unseen:
                    add((tail, top))
            top = element
            parents[element] = parent
            text = element.text
            if text and not text.isspace() and element.tag not in unseen:
                add((text, element))
        while top is not root:
            tail = top.tail
            top = parents[top]
            if tail and not tail.isspace() and top.tag not in unseen:
                add((tail, top))


def outermost(elements: list[etree._Element]) -> list[etree._Element]:
    """The elements that stand in no other of them, in their order."""
    chosen = set(elements)
    return [element for element in elements if not any(around in chosen for around in element.iterancestors())]
