"""Cards: boxes that announce other stories by a linked headline and a few lines of them."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from newscrawl.extraction.prose import Prose

_LEVELS = 3
_FEWEST = 3
_SHORTEST_HEADLINE = 15
_HEADING_TAGS = frozenset({"h2", "h3", "h4", "h5"})


class Cards:
    """The cards of a page: `boxes` the cards themselves, `excerpts` the block elements with prose inside them.

    `around` are the elements that hold the headline: they are no cards.
    """

    def __init__(self, prose: Prose, around: set[etree._Element]) -> None:
        self._runs = prose.runs
        self._parent = prose.parent
        self._around = around
        self.boxes: set[etree._Element] = set()
        self.excerpts = self._teasers()

    def _teasers(self) -> set[etree._Element]:
        """The excerpts of headline cards: boxes of a linked headline and little prose, three or more of a kind."""
        links: dict[etree._Element, int] = {}
        prose: dict[etree._Element, int] = {}
        for element, run in self._runs.items():
            if run.linked - run.outward > run.prose and run.linked >= _SHORTEST_HEADLINE:
                for box in (element, *self._boxes(element)):
                    links[box] = links.get(box, 0) + 1
            elif run.prose > run.linked:
                for box in self._boxes(element):
                    prose[box] = prose.get(box, 0) + 1
        kinds: dict[tuple[etree._Element | None, str, str | None], set[etree._Element]] = {}
        boxes: dict[etree._Element, list[tuple[etree._Element | None, str, str | None]]] = {}
        for element, run in self._runs.items():
            if run.prose <= run.linked:
                continue
            for box in self._boxes(element):
                if 0 < prose[box] <= 2 * links.get(box, 0):
                    holder = self._parent(box)
                    for group in (holder, self._parent(holder) if holder is not None else None):
                        kind = (group, str(box.tag), box.get("class"))
                        kinds.setdefault(kind, set()).add(box)
                        boxes.setdefault(element, []).append(kind)
        opened = self._opened_boxes()
        common = {kind for kind, found in kinds.items() if len(found) >= _FEWEST}
        self.boxes = {box for kind in common for box in kinds[kind] if box not in self._around}
        teasers = {e for e, found in boxes.items() if not common.isdisjoint(found)}
        return teasers | {e for e in self._runs if any(box in opened for box in self._boxes(e))} if opened else teasers

    def _opened_boxes(self) -> set[etree._Element]:
        """Boxes of whole other stories: two or more of a kind side by side, each opening with a linked headline."""
        opening: dict[etree._Element, etree._Element] = {}
        for element in self._runs:
            for box in self._boxes(element):
                opening.setdefault(box, element)
        kinds: dict[tuple[etree._Element | None, str, str | None], list[etree._Element]] = {}
        for box, element in opening.items():
            run = self._runs[element]
            is_linked = run.linked - run.outward > run.prose
            opens = element.tag in _HEADING_TAGS and is_linked and self._parent(element) is box
            if opens and box not in self._around:
                kinds.setdefault((self._parent(box), str(box.tag), box.get("class")), []).append(box)
        return {box for found in kinds.values() if len(found) > 1 for box in found}

    def _boxes(self, element: etree._Element) -> Iterator[etree._Element]:
        node = self._parent(element)
        for _ in range(_LEVELS):
            if node is None or node.tag in ("body", "html"):
                return
            yield node
            node = self._parent(node)
