"""Which cells of a table are columns of the page: those whose text is several paragraphs."""

from __future__ import annotations

from itertools import islice

from lxml import etree

CELL_TAGS = frozenset({"td", "th"})
_SHORTEST_PARAGRAPH, _FEWEST_PARAGRAPHS = 60, 2


def is_parted(element: etree._Element) -> bool:
    """Whether line breaks part the text of an element into several paragraphs: a cell with these is a column of the
    page, not of a table of figures."""
    breaks = (inner for inner in element.iterdescendants("br") if inner.tail and len(inner.tail) >= _SHORTEST_PARAGRAPH)
    return sum(1 for _ in islice(breaks, _FEWEST_PARAGRAPHS)) == _FEWEST_PARAGRAPHS
