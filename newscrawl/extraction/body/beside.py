"""What belongs to a story and stands beside the container of its body: leads above it, the rest of it below."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice, takewhile

from lxml import etree

from newscrawl.arabic.sentences import ends_sentence
from newscrawl.extraction.elements import furniture
from newscrawl.extraction.elements.blocks import text_of
from newscrawl.extraction.elements.cards.rows import Cards
from newscrawl.extraction.elements.prose import Prose

_LEAST_LEAD, _LEAST_SENTENCE = 60.0, 24.0
_LIST_TAGS = frozenset({"li", "dd", "dt", "ul", "ol"})
_LEVELS_OF_ASIDE, _LEVELS_OF_REST = 20, 2


class Beside:
    """Looks around a container; `headline` is what shows the headline, `around` what stands around that."""

    def __init__(
        self,
        prose: Prose,
        cards: Cards,
        judged: Callable[[etree._Element], tuple[bool, bool]],
        headline: etree._Element | None,
        around: set[etree._Element],
    ) -> None:
        self._prose = prose
        self._cards = cards
        self._judged = judged
        self._headline = {*around, *(headline.iter() if headline is not None else ())}
        self._around = around

    def leads(self, container: etree._Element) -> list[etree._Element]:
        """The prose between the headline and a container, in document order: a lead in a box of its own, what
        introduces the entries of a live blog. Lists there sum the story up."""
        found: list[etree._Element] = []
        inside = set(container.iter())
        for element, run in self._prose.runs.items():
            if element in inside:
                return found
            is_after = element not in self._prose.early and element not in self._headline
            is_prose = is_after and run.weight >= _LEAST_LEAD and element.tag not in _LIST_TAGS
            if (is_prose or (is_after and self._goes_on(element, found))) and not self.is_aside(element):
                found.append(element)
        return []

    def _goes_on(self, element: etree._Element, found: list[etree._Element]) -> bool:
        """Whether a short sentence stands beside the lead that was found last, and looks like it."""
        if not found or element.getparent() is not found[-1].getparent() or _kind(element) != _kind(found[-1]):
            return False
        return self._prose.runs[element].weight >= _LEAST_SENTENCE and ends_sentence(text_of(element))

    def rest(self, container: etree._Element) -> list[etree._Element]:
        """The paragraphs right below a container that look like its own, in document order.

        They have the tag and the class of a paragraph in it, and nothing that can be read stands between.
        """
        kinds = {_kind(e) for e in container.iter() if (run := self._prose.runs.get(e)) is not None and run.weight}
        found: list[etree._Element] = []
        for element in self._below(container):
            run = self._prose.runs.get(element)
            if run is None:
                if element.tag in furniture.SKIPPED_TAGS or not _shows_text(element):
                    continue
                return found
            is_prose = run.weight >= _LEAST_LEAD or (run.weight >= _LEAST_SENTENCE and ends_sentence(text_of(element)))
            if not is_prose or _kind(element) not in kinds or self.is_aside(element):
                return found
            found.append(element)
        return found

    def _below(self, container: etree._Element) -> Iterator[etree._Element]:
        """The siblings below a container, or below the only box around it; of a plain wrapper what is in it."""
        box = container
        for _ in range(_LEVELS_OF_REST):
            holder = box.getparent()
            if holder is None or box.tag in ("body", "article", "main"):
                return
            for sibling in box.itersiblings():
                is_wrapper = sibling.tag in ("div", "section") and sibling not in self._prose.runs
                yield from sibling.iterchildren() if is_wrapper and not self._judged(sibling)[0] else (sibling,)
            if box.getprevious() is not None or box.getnext() is not None or holder in self._around:
                return
            box = holder

    def is_aside(self, element: etree._Element) -> bool:
        """Whether an element stands in furniture, in a card, in comments or in a box with a heading of its own."""
        around = takewhile(lambda box: box not in self._around, element.iterancestors())
        boxes = (element, *islice(around, _LEVELS_OF_ASIDE))
        if any(box.tag in furniture.TITLE_TAGS for b in boxes[1:] for box in islice(b, 1)):
            return True  # a box with a heading of its own: a summary, a note, another story
        return element in self._cards.excerpts or any(
            box in self._cards.boxes or box in self._prose.comments or self._judged(box)[0] for box in boxes
        )


def _kind(element: etree._Element) -> tuple[str, str | None]:
    return str(element.tag), element.get("class")


def _shows_text(element: etree._Element) -> bool:
    return bool(text_of(element) or (element.tail or "").strip())
