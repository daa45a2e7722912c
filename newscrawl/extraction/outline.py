"""The outline of a page's tree: its texts, and who stands in whom, noted in one walk that every layer shares."""

from __future__ import annotations

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
        texts, parents = self.texts, self.parents
        above = root.getparent()
        if above is not None:
            parents[above] = above.getparent()
        parents[root] = above
        if root.text and not root.text.isspace():
            texts.append((root.text, root))
        # What is open: a tail is the text of the element around it, and comes when all inside has been read.
        top, open_ = root, [root]
        for element in root.iterdescendants():
            parent = element.getparent()
            while top is not parent:
                tail = open_.pop().tail
                top = open_[-1]
                if tail and not tail.isspace() and top.tag not in _UNSEEN:
                    texts.append((tail, top))
            open_.append(element)
            top = element
            parents[element] = parent
            text = element.text
            if text and not text.isspace() and element.tag not in _UNSEEN:
                texts.append((text, element))
        while len(open_) > 1:
            tail = open_.pop().tail
            if tail and not tail.isspace() and open_[-1].tag not in _UNSEEN:
                texts.append((tail, open_[-1]))
