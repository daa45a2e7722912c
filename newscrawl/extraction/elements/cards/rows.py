"""Cards: boxes that announce other stories by a linked headline and a few lines of them."""

from __future__ import annotations

from lxml import etree

from newscrawl.arabic.sentences import ends_sentence
from newscrawl.extraction.elements.blocks import text_of
from newscrawl.extraction.elements.prose import Prose

# Boxes around a line that may be its card: more are those of the row.
_LEVELS = 3
# How many of a kind make a row: of headline and excerpt (2 to 5 change no reading), of whole stories (1 to 2), of
# picture and headline (1 to 7). A story has boxes alike, too.
_FEWEST, _FEWEST_OPENED, _FEWEST_PICTURED = 3, 2, 4
# Characters of all that a card of picture and headline shows, and of the shortest headline.
_LARGEST_PICTURED, _SHORTEST_HEADLINE = 200, 15
_HEADING_TAGS = frozenset({"h2", "h3", "h4", "h5"})

#: Boxes of one kind: what holds them, their tag, their class.
_Kind = tuple[etree._Element | None, str, str | None]


def _is_pictured(box: etree._Element) -> bool:
    text = text_of(box)
    is_short = len(text) < _LARGEST_PICTURED and not ends_sentence(text)
    return is_short and box.find(".//img") is not None and box.find(".//a") is None


class Cards:
    """The cards of a page: `boxes` the cards themselves, `excerpts` the block elements with prose inside them.

    `around` are the elements that hold the headline: they are no cards.
    """

    def __init__(self, prose: Prose, around: set[etree._Element]) -> None:
        self._runs = prose.runs
        self._parents = prose.parents
        self._around = around
        self._boxes = self._boxes_around()
        self.boxes: set[etree._Element] = set()
        self.excerpts = self._teasers()

    def add(self, stories: set[etree._Element]) -> None:
        """Takes the boxes of whole other stories for cards, too."""
        self.boxes |= stories
        self.excerpts |= {element for box in stories for element in box.iter() if element in self._runs}

    def _teasers(self) -> set[etree._Element]:
        """The excerpts of headline cards: boxes of a linked headline and little prose, three or more of a kind."""
        links: dict[etree._Element, int] = {}
        prose: dict[etree._Element, int] = {}
        texts: list[tuple[etree._Element, tuple[etree._Element, ...]]] = []
        for element, run in self._runs.items():
            boxes = self._boxes[element]
            if run.linked - run.outward > run.prose and run.linked >= _SHORTEST_HEADLINE:
                for box in (element, *boxes):
                    # A link behind two paragraphs is a note to these.
                    if prose.get(box, 0) < _FEWEST_OPENED:
                        links[box] = links.get(box, 0) + 1
            elif run.prose > run.linked:
                for box in boxes:
                    prose[box] = prose.get(box, 0) + 1
                texts.append((element, boxes))
        kinds: dict[_Kind, set[etree._Element]] = {}
        of_box: dict[etree._Element, tuple[_Kind, _Kind]] = {}
        of_element: dict[etree._Element, list[_Kind]] = {}
        for element, boxes in texts:
            for box in boxes:
                if prose[box] > 2 * links.get(box, 0):
                    continue
                if box not in of_box:
                    holder = self._parents[box]
                    name = (str(box.tag), box.get("class"))
                    of_box[box] = (holder, *name), (self._parents[holder] if holder is not None else None, *name)
                for kind in of_box[box]:
                    kinds.setdefault(kind, set()).add(box)
                of_element.setdefault(element, []).extend(of_box[box])
        pictured = self._pictured_boxes()
        opened = self._opened_boxes() | pictured
        common = {kind for kind, found in kinds.items() if len(found) >= _FEWEST}
        self.boxes = pictured | {box for kind in common for box in kinds[kind] if box not in self._around}
        teasers = {e for e, found in of_element.items() if not common.isdisjoint(found)}
        return teasers | {e for e, boxes in self._boxes.items() if not opened.isdisjoint(boxes)} if opened else teasers

    def _opened_boxes(self) -> set[etree._Element]:
        """Boxes of whole other stories: two or more of a kind side by side, each opening with a linked headline."""
        headed: dict[etree._Element, etree._Element] = {}
        for element, run in self._runs.items():
            if run.linked - run.outward > run.prose and element.tag in _HEADING_TAGS:
                box = self._parents[element]
                if box is not None and box not in self._around:
                    headed.setdefault(box, element)
        if len(headed) < _FEWEST_OPENED:
            return set()
        opening: dict[etree._Element, etree._Element] = {}
        for element, boxes in self._boxes.items():
            for box in boxes:
                if box in headed:
                    opening.setdefault(box, element)
        kinds: dict[_Kind, list[etree._Element]] = {}
        for box, element in opening.items():
            if headed[box] is element:
                kinds.setdefault((self._parents[box], str(box.tag), box.get("class")), []).append(box)
        return {box for found in kinds.values() if len(found) >= _FEWEST_OPENED for box in found}

    def _pictured_boxes(self) -> set[etree._Element]:
        """Boxes of a picture and a headline that a script makes a link: four or more of a kind, with little else."""
        kinds: dict[_Kind, set[etree._Element]] = {}
        for element, boxes in self._boxes.items():
            if element.tag in _HEADING_TAGS and self._runs[element].prose:
                for box in boxes:
                    if box not in self._around and (name := box.get("class")):
                        kinds.setdefault((self._parents[box], str(box.tag), name), set()).add(box)
        rows = (found for found in kinds.values() if len(found) >= _FEWEST_PICTURED and all(map(_is_pictured, found)))
        return {box for row in rows for box in row}

    def _boxes_around(self) -> dict[etree._Element, tuple[etree._Element, ...]]:
        """The boxes around every run's element, nearest first; neighbours share them."""
        parents = self._parents
        chains: dict[etree._Element | None, tuple[etree._Element, ...]] = {}
        boxes = {}
        for element in self._runs:
            parent = parents[element]
            chain = chains.get(parent)
            if chain is None:
                found: list[etree._Element] = []
                node = parent
                while node is not None and len(found) < _LEVELS and node.tag not in ("body", "html"):
                    found.append(node)
                    node = parents[node]
                chain = chains[parent] = tuple(found)
            boxes[element] = chain
        return boxes
