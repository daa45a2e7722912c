"""The headline of pages without heading elements, as word processors write them: the large line above the prose."""

from __future__ import annotations

import re
from itertools import islice

from lxml import etree

from newscrawl.arabic.sentences import ends_sentence
from newscrawl.extraction.elements.blocks import INLINE_TAGS, text_of
from newscrawl.extraction.page.page import Page

_PROSE = 90
_FEWEST_WORDS, _MOST_WORDS, _MOST_LINES, _LEVELS, _NEAREST = 3, 30, 40, 4, 4
# What an old browser shows for <font size=1> to 7, in points, and its usual size.
_FONT_SIZES = (7.5, 10.0, 12.0, 13.5, 18.0, 24.0, 36.0)
_USUAL_SIZE, _POINTS_OF_PIXEL, _LARGER = 12.0, 0.75, 1.2
_SIZE = re.compile(r"font-size\s*:\s*([\d.]+)\s*(pt|px|em|rem|%)", re.IGNORECASE)
_NAMED_SIZES = {"x-large": 18.0, "xx-large": 24.0, "larger": 14.4, "large": 13.5}
_NAMED_SIZE = re.compile(r"font-size\s*:\s*(xx-large|x-large|larger|large)", re.IGNORECASE)


def large_line(page: Page, *, or_nearest: bool) -> tuple[etree._Element, str] | None:
    """The largest short line above the first prose, if it is larger than the prose or bold where that is not; where
    nothing is, and `or_nearest`, the longest of the lines right above it."""
    lines: list[tuple[float, bool, etree._Element, str]] = []
    for raw, owner in islice(page.texts, _MOST_LINES):
        element = _block_of(page, owner)
        text = text_of(element)
        size, is_bold = _look(owner, element)
        if len(raw.strip()) > _PROSE and len(text) > _PROSE and (ends_sentence(text) or ends_sentence(raw.strip())):
            found = [line for line in lines if line[0] >= _LARGER * size or (line[1] and not is_bold)]
            best = max(found, key=lambda line: line[0], default=None)
            if best is None and or_nearest:
                near = [line for line in lines[-_NEAREST:] if line[3].count(" ") + 1 > _FEWEST_WORDS]
                plain = [line for line in near if not any(map(str.isdigit, line[3]))]
                best = max(plain, key=lambda line: len(line[3]), default=None)
            return (best[2], best[3]) if best else None
        is_title = _FEWEST_WORDS <= text.count(" ") + 1 <= _MOST_WORDS and not text.endswith((".", "،", ":"))
        if is_title and owner.tag != "a" and next(owner.iterancestors("a"), None) is None:
            lines.append((size, is_bold, element, text))
    return None


def _block_of(page: Page, element: etree._Element) -> etree._Element:
    parents = page.outline.parents
    while element.tag in INLINE_TAGS and element.tag != "td" and (holder := parents.get(element)) is not None:
        # In a cell that holds the whole page a line is what its own element shows.
        if holder.tag in ("td", "body") or holder.find("br") is not None:
            return element
        element = holder
    return element


def _look(owner: etree._Element, block: etree._Element) -> tuple[float, bool]:
    """The size in points in which a text is shown, as far as its own markup says, and whether it is bold."""
    size, is_bold = None, False
    boxes = [owner, *islice(owner.iterancestors(), _LEVELS)]
    for box in boxes:
        style = box.get("style") or ""
        is_bold = is_bold or box.tag in ("b", "strong") or "bold" in style
        size = size if size is not None else _size(box, style)
        if box is block:
            break
    return size if size is not None else _USUAL_SIZE, is_bold


def _size(element: etree._Element, style: str) -> float | None:
    if told := _SIZE.search(style):
        number = float(told[1]) if told[1].count(".") < 2 and told[1].strip(".") else 0.0
        unit = told[2].lower()
        if unit in ("em", "rem"):
            return number * _USUAL_SIZE
        return number * _USUAL_SIZE / 100 if unit == "%" else number if unit == "pt" else number * _POINTS_OF_PIXEL
    if named := _NAMED_SIZE.search(style):
        return _NAMED_SIZES[named[1].lower()]
    if element.tag == "font" and (size := (element.get("size") or "").strip()):
        step = int(size) if size.lstrip("+-").isdigit() and len(size) < 3 else 3
        at = step - 1 if size[0] not in "+-" else 2 + step
        return _FONT_SIZES[min(max(at, 0), len(_FONT_SIZES) - 1)]
    return None
