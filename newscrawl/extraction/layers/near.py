"""The short lines near a headline, among which its byline and its date are looked for."""

from __future__ import annotations

from typing import NamedTuple

from lxml import etree

#: How far above the headline, in texts, its date and byline may stand.
NEAR_ABOVE = 4


class Line(NamedTuple):
    """A short line near the headline: its text, element, what names say of it, its place among Page.texts."""

    text: str
    element: etree._Element
    roles: int
    at: int


def is_beside(line: Line, other: Line) -> bool:
    """Whether two lines are entries of one list, as systems show a field with several values."""
    one, two = line.element, other.element
    return one is not two and one.tag == two.tag and one.getparent() is two.getparent()
