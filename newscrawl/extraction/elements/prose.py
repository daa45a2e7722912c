"""The prose of a page: how much text each block element shows, inside links and outside."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from lxml import etree

from newscrawl.arabic.sentences import count_pauses
from newscrawl.extraction.elements.blocks import INLINE_TAGS
from newscrawl.extraction.elements.columns import CELL_TAGS, is_parted
from newscrawl.extraction.page.outline import Outline
from newscrawl.urls import Site

# Characters. A shorter text is a mark, a shorter run a label or a button, a shorter line without a stop may be either.
# Found by trying, as the numbers of body/finder.py: no reading changes between 1 and 6, 4 and 32, 73 and 320.
_SHORTEST_WORD, _SHORTEST_PROSE, _SHORTEST_SENTENCE = 3, 16, 80
_LABEL_FACTOR = 0.25
# A text with eight stops is prose for sure, and counts half as much again.
_WORTH_OF_STOP, _MOST_STOPS = 1 / 16, 8
_LINK_LEVELS = 3
_LONGEST_COMMENTS_HEAD = 24
_WHOSE = r"(?:ال)?(?:قراء|قارئ|زوار|زائرين|متابعين|أعضاء|فيسبوك|فيس\s?بوك|مستخدمين|جمهور)"
_COMMENTS_HEAD = re.compile(
    rf"\s*[(\[]?[\d٠-٩]*[)\]]?\s*(?:(?:ال)?(?:تعليق(?:ات|ا)?|رد(?:ود)?|[آا]راء|مشاركات|أقوال)(?:\s+{_WHOSE})?"
    r"|شارك(?:نا)? ب?(?:ر[أا]يك|تعليقك)|[أا](?:ضف|كتب|ترك) (?:تعليق|رد)(?:ا|ًا|اً|ك)?)"
    r"\s*[:(\[]?[\d٠-٩]*[)\]]?:?\s*$"
)

_LIKELY = ("تعليق", "رد", "القراء", "رأيك", "رايك", "راء ", "مشاركات", "أقوال")


@dataclass(slots=True)
class Run:
    """The prose of one block element: characters outside and inside links, how often it pauses, links to elsewhere.

    `in_link` says that the block itself stands inside a link, as in cards that are one link; `weight` is how much the
    run looks like sentences of a story, in characters, once all of it has been measured.
    """

    in_link: bool = False
    prose: int = 0
    linked: int = 0
    stops: int = 0
    outward: int = 0
    weight: float = 0.0


def _weight(run: Run) -> float:
    if run.linked > run.prose or run.prose < _SHORTEST_PROSE:
        return 0.0
    if run.stops == 0 and run.prose < _SHORTEST_SENTENCE:
        return _LABEL_FACTOR * run.prose
    return run.prose * (1 + _WORTH_OF_STOP * min(run.stops, _MOST_STOPS))


def _is_comments_head(line: str) -> bool:
    is_likely = any(word in line for word in _LIKELY)
    return is_likely and _COMMENTS_HEAD.match(line) is not None


def _opens(element: etree._Element, box: etree._Element) -> bool:
    return box[0] is element and not (box.text or "").strip()


class Prose:
    """The runs of a page by their block element, in document order.

    `at` is the headline's place among the outline's texts, `around` the elements that hold the headline. `early` are
    the elements whose text begins before the headline, `comments` the boxes that readers' comments fill.
    """

    def __init__(self, outline: Outline, at: int, around: set[etree._Element], host: str = "") -> None:
        self._site = Site(host)
        self.parents = outline.parents
        self.runs: dict[etree._Element, Run] = {}
        self.early: set[etree._Element] = set()
        self.comments: set[etree._Element] = set()
        self._columns: dict[etree._Element, bool] = {}
        self._inside_link: dict[etree._Element | None, bool] = {None: False}
        self._measure(outline.texts, at, around)

    def _measure(self, texts: list[tuple[str, etree._Element]], headline: int, around: set[etree._Element]) -> None:
        parents, runs, inline = self.parents, self.runs, INLINE_TAGS
        for at, (text, owner) in enumerate(texts):
            line = text.strip()
            length = len(line)
            if length <= _SHORTEST_WORD:
                continue
            # The body is no inline element, so that the way up ends there at the latest.
            element: Any = owner
            link: etree._Element | None = None
            tag = element.tag
            while tag in inline and not (tag in CELL_TAGS and self._is_column(element)):
                if tag == "a":
                    link = element
                element = parents[element]
                tag = element.tag
            if length < _LONGEST_COMMENTS_HEAD and at > headline and _is_comments_head(line):
                holder = parents[element]
                if holder is not None and holder not in around and _opens(element, holder):
                    self.comments.add(holder)
            run = runs.get(element)
            if run is None:
                run = runs[element] = Run(self._in_link(parents[element]))
                if at < headline:
                    self.early.add(element)
            if link is not None or run.in_link:
                run.linked += length
                if link is not None and self._site.is_left_by(link.get("href", "")):
                    run.outward += length
            else:
                run.prose += length
                run.stops += count_pauses(line)
        for run in runs.values():
            run.weight = _weight(run)

    def _is_column(self, cell: etree._Element) -> bool:
        if cell not in self._columns:
            self._columns[cell] = is_parted(cell)
        return self._columns[cell]

    def _in_link(self, box: etree._Element | None) -> bool:
        """Whether a box is a link, or stands in one not far above."""
        known = self._inside_link.get(box)
        if known is None:
            node = box
            level = 0
            while node is not None and node.tag != "a" and level < _LINK_LEVELS:
                node = self.parents[node]
                level += 1
            known = self._inside_link[box] = node is not None and level < _LINK_LEVELS
        return known
