"""Links that were never closed, and so hold the rest of the page."""

from __future__ import annotations

from itertools import accumulate

from lxml import etree

from newscrawl.extraction.page.selectors import elements

# Of the links on 547 pages, whole cards with a picture and a standfirst among them, the longest has 402 characters.
_LONGEST_LINK = 500
_LARGE = elements(f"//a[*[2] or */*][string-length() > {_LONGEST_LINK}]")


def open_links(root: etree._Element) -> None:
    """Makes boxes of the links that hold a story: <a name="top"> without an end is a mark in the page, and where an
    address was meant to be linked, the line was, not all that follows."""
    for link in _LARGE(root):
        lengths = accumulate(len(text.strip()) for text in link.itertext())
        if any(length > _LONGEST_LINK for length in lengths):
            link.tag = "div"
