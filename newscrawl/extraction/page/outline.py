"""The outline of a page's tree: its texts, who stands in whom, and the elements by their tags, noted in one walk that
every layer shares."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from lxml import etree

_UNSEEN = frozenset({"script", "style", "noscript", "template", "option", "textarea"})


class Outline:
    """What one walk over a page's tree noted.

    `texts` are (text, the element that shows it) of every text of the body that a reader could see, in document order;
    `parents` has the parent of every element of the body, its own included, in document order; `tagged` all elements
    of the page by their tag, each list in document order; `classed` (element, its class attribute) of every element
    of the page that has one.
    """

    def __init__(self, root: etree._Element) -> None:
        self.texts: list[tuple[str, etree._Element]] = []
        self.parents: dict[etree._Element, etree._Element | None] = {}
        self.tagged: defaultdict[str, list[etree._Element]] = defaultdict(list)
        self.classed: list[tuple[etree._Element, str]] = []
        self._note(root)
        body = root.find("body")
        for child in root:
            if child is body:
                self.parents[root] = root.getparent()
                self._walk(body)
            else:
                for element in child.iter():
                    self._note(element)

    def _note(self, element: etree._Element) -> None:
        self.tagged[str(element.tag)].append(element)
        if names := element.get("class"):
            self.classed.append((element, names))

    def _walk(self, root: Any) -> None:
        parents, tagged, classed, unseen = self.parents, self.tagged, self.classed, _UNSEEN
        add = self.texts.append
        parents[root] = root.getparent()
        self._note(root)
        if root.text and not root.text.isspace():
            add((root.text, root))
        top: Any = root
        element: Any
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
            tag = element.tag
            tagged[tag].append(element)
            if names := element.get("class"):
                classed.append((element, names))
            text = element.text
            if text and not text.isspace() and tag not in unseen:
                add((text, element))
        while top is not root:
            tail = top.tail
            top = parents[top]
            if tail and not tail.isspace() and top.tag not in unseen:
                add((tail, top))


def outermost(elements: Sequence[etree._Element]) -> list[etree._Element]:
    """The elements that stand in no other of them, in their order."""
    chosen = set(elements)
    return [element for element in elements if not any(around in chosen for around in element.iterancestors())]
