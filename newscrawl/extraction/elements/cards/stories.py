"""Whole other stories that stand below the page's own: endless scrolling, "the next story", a column of reports."""

from __future__ import annotations

import re
from itertools import islice

from lxml import etree

from newscrawl.extraction.elements.blocks import INLINE_TAGS, text_of
from newscrawl.extraction.elements.prose import Prose
from newscrawl.extraction.page.outline import Outline

_LEAST_PARAGRAPH, _LEAST_LINKED, _FEWEST_PARAGRAPHS = 60.0, 100, 2
_FEWEST_BLANKS = 2
# The kicker, the picture's label and the like above a headline; the stamp and the byline below it.
_MOST_LINES_ABOVE, _MOST_LINES_BELOW, _LONGEST_LINE = 3, 4, 40
# With more boxes of linked headings the page is a briefing.
_MOST_LINKED = 2
_HEADLINE_TAGS = frozenset({"h1", "h2", "h3"})
_STAMP = re.compile(r"منذ|قبل\s|\d{1,2}\s*[:/.-]\s*\d{1,2}|(?:19|20)\d\d")
_STAMP_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")


def other_stories(outline: Outline, prose: Prose, at: int, around: set[etree._Element]) -> set[etree._Element]:
    """The boxes of stories that begin below the page's own: each opens with a headline, which is the page's h1 again, a
    link or dated, and goes on with prose. `at` is the headline's place among the outline's texts, `around` holds it.
    """
    texts = outline.texts
    headed = {inner for tag in _HEADLINE_TAGS for heading in outline.tagged.get(tag, ()) for inner in heading.iter()}
    told: set[etree._Element] = set()
    linked: set[etree._Element] = set()
    found: set[etree._Element] = set()
    done: set[etree._Element] = set()
    for place in range(at + 1, len(texts)):
        element = texts[place][1]
        if len(told) < _FEWEST_PARAGRAPHS:
            paragraph = _paragraph_of(element, outline, prose)
            run = prose.runs.get(paragraph)
            # The page's own paragraphs may be full of links.
            if run is not None and (run.weight >= _LEAST_PARAGRAPH or run.prose + run.linked >= _LEAST_LINKED):
                told.add(paragraph)
        if element not in headed or len(told) < _FEWEST_PARAGRAPHS:
            continue
        heading = _heading_of(element)
        if heading is None or heading in done:
            continue
        done.add(heading)
        box = _box_of(outline, place, heading, around)
        if box is None or box in found:
            continue
        if not _has_prose(prose, box) or text_of(heading).count(" ") < _FEWEST_BLANKS:
            continue
        if heading.tag == "h1" or _is_dated(outline, place, heading, box):
            found.add(box)
        elif heading.getparent() is not None and (heading.find(".//a") is not None or element.tag == "a"):
            linked.add(box)
    return found | (linked if len(linked) <= _MOST_LINKED else set())


def _paragraph_of(element: etree._Element, outline: Outline, prose: Prose) -> etree._Element:
    while element not in prose.runs and element.tag in INLINE_TAGS and (holder := outline.parents[element]) is not None:
        element = holder
    return element


def _heading_of(element: etree._Element) -> etree._Element | None:
    if element.tag in _HEADLINE_TAGS:
        return element
    return next(element.iterancestors(*_HEADLINE_TAGS), None)


def _box_of(
    outline: Outline, place: int, heading: etree._Element, around: set[etree._Element]
) -> etree._Element | None:
    """The largest box that a heading opens, with nothing but a few short lines above it; None where it opens none."""
    box = None
    lines = outline.texts[max(0, place - _MOST_LINES_ABOVE - 1) : place]
    above = [(text, {element, *element.iterancestors()}) for text, element in lines]
    for holder in heading.iterancestors():
        inside = [text for text, boxes in above if holder in boxes]
        is_opened = len(inside) <= _MOST_LINES_ABOVE and all(len(text.strip()) <= _LONGEST_LINE for text in inside)
        if holder in around or not is_opened:
            return box
        box = holder
    return box


def _has_prose(prose: Prose, box: etree._Element) -> bool:
    inside = (prose.runs.get(element) for element in box.iter())
    paragraphs = (run for run in inside if run is not None and run.weight >= _LEAST_PARAGRAPH)
    return sum(1 for _ in islice(paragraphs, _FEWEST_PARAGRAPHS)) == _FEWEST_PARAGRAPHS


def _is_dated(outline: Outline, place: int, heading: etree._Element, box: etree._Element) -> bool:
    for text, element in outline.texts[place + 1 : place + 1 + _MOST_LINES_BELOW]:
        if element is not box and box not in element.iterancestors():
            return False
        if element.tag == "time" or next(element.iterancestors("time"), None) is not None:
            return True
        line = text.strip()
        if len(line) <= _LONGEST_LINE and heading not in element.iterancestors():
            if _STAMP.search(line.translate(_STAMP_DIGITS)):
                return True
        elif len(line) > _LONGEST_LINE:
            return False
    return False
