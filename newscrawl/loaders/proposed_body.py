"""The box that holds a site's stories, and what in it is not the story, by the names that all pages share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import islice

from lxml import etree

from newscrawl.extraction.elements.blocks import Block
from newscrawl.extraction.elements.naming import Name, Rank, own_names
from newscrawl.extraction.fields import GENERIC
from newscrawl.extraction.page.outline import outermost
from newscrawl.extraction.page.selectors import select
from newscrawl.extraction.rules import Rules
from newscrawl.loaders import Loaded
from newscrawl.loaders.proposed_fields import Sample

# Boxes around the story's own that may have the better name.
_MOST_AROUND = 12
# Kinds of boxes that are dropped from a story: more of them, and the box is the wrong one.
_MOST_DROPS = 12

Try = Callable[[Sample, Rules], Loaded]


class BodyFinder:
    """Looks for selectors of the body among the pages' own; `read` reads one of them by rules."""

    def __init__(self, samples: Sequence[Sample], read: Try) -> None:
        self._samples = samples
        self._read = read

    def selectors(self) -> list[str]:
        """The names that mark one box with the story on every page: the most lasting first, of these the tightest."""
        depths: dict[Name, list[int]] = {}
        for one in self._samples:
            for name, depth in self._around(one).items():
                depths.setdefault(name, []).append(depth)
        shared = {name: max(found) for name, found in depths.items() if len(found) == len(self._samples)}
        ordered = sorted(shared, key=lambda name: (name.rank, shared[name], name.parts, name.length))
        return [name.selector for name in ordered if self._is_single(name.selector)]

    def drops(self, selector: str) -> tuple[str, ...]:
        """The names of what stands in the box and is not the story; as far as names tell it."""
        drops: list[str] = []
        while len(drops) < _MOST_DROPS:
            found = self._next_drop(Rules(body=selector, sifts=True, drop=tuple(drops)))
            if found is None or found in drops:
                break
            drops.append(found)
        return tuple(drops)

    def _is_single(self, selector: str) -> bool:
        return all(len(outermost(_elements(one, selector))) == 1 for one in self._samples)

    def _around(self, one: Sample) -> dict[Name, int]:
        """The names of the boxes that hold the story of a page, with how far out each stands."""
        if one.reading.body_layer != GENERIC:
            return {}
        shown = _shown(one.reading.story)
        # One line more or less, a lead or a caption, may be the generic reading's mistake.
        box = _common_ancestor(shown[1:-1] or shown)
        found: dict[Name, int] = {}
        boxes = [box, *islice(box.iterancestors(), _MOST_AROUND)] if box is not None else []
        for depth, element in enumerate(boxes):
            if element.tag not in ("body", "html"):
                for name in own_names(element):
                    found.setdefault(name, depth)
        return found

    def _next_drop(self, rules: Rules) -> str | None:
        """A name for the first box whose lines the rules take for the story's, and the generic reading does not."""
        for one in self._samples:
            told = Counter(block.text for block in one.reading.story)
            for block in self._read(one, rules).reading.story:
                told[block.text] -= 1
                if told[block.text] < 0 and (name := self._name_of(block, one)):
                    return name
        return None

    def _name_of(self, block: Block, one: Sample) -> str | None:
        """The name of the largest box with a block and nothing of the story, on no page."""
        element = block.shown_by if block.shown_by is not None else block.element
        story, around = self._stories[self._samples.index(one)]
        boxes = [box for box in (element, *element.iterancestors()) if box not in around and box not in story]
        names = [name for box in reversed(boxes) for name in own_names(box) if name.rank != Rank.TAG]
        for rank in (Rank.SYSTEM, Rank.PLAIN, Rank.DESIGN):
            for name in names:
                if name.rank == rank and not self._touches_story(name.selector):
                    return name.selector
        return None

    def _touches_story(self, selector: str) -> bool:
        for one, (story, around) in zip(self._samples, self._stories, strict=True):
            for element in _elements(one, selector):
                if element in around or any(box in story for box in (element, *element.iterancestors())):
                    return True
        return False

    @cached_property
    def _stories(self) -> list[tuple[set[etree._Element], set[etree._Element]]]:
        """Of each page the elements whose text is the story's, and all that stand around these."""
        found = []
        for one in self._samples:
            story = set(_shown(one.reading.story))
            found.append((story, {around for element in story for around in element.iterancestors()}))
        return found


def _shown(blocks: Iterable[Block]) -> list[etree._Element]:
    return [block.shown_by if block.shown_by is not None else block.element for block in blocks]


def _elements(one: Sample, selector: str) -> list[etree._Element]:
    return [found for found in select(one.page.tree, selector) if not isinstance(found, str)]


def _common_ancestor(elements: Sequence[etree._Element]) -> etree._Element | None:
    if not elements:
        return None
    shared = [elements[0], *elements[0].iterancestors()]
    for element in elements[1:]:
        around = {element, *element.iterancestors()}
        shared = [box for box in shared if box in around]
    return shared[0] if shared else None
