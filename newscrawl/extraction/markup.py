"""Blocks out of a string of markup, as scripts and JSON-LD hold them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from lxml import etree, html

from newscrawl.extraction import selectors
from newscrawl.extraction.blocks import Block, read

#: What tells markup from plain text.
MARKUP = re.compile(r"</p>|<br\s*/?>|</div>", re.IGNORECASE)


def markup_blocks(markup: str, drop: Sequence[str] = ()) -> list[Block]:
    """The blocks of an HTML fragment that lay in a script, or of plain text whose lines are paragraphs."""
    if not MARKUP.search(markup):
        markup = "<br>".join(escape(line) for line in markup.splitlines())
    tree = html.fragment_fromstring(markup.replace("\x00", ""), create_parent="div")
    return read(tree, selected(tree, drop), trust=bool(drop))


def selected(root: etree._Element, drop: Iterable[str]) -> set[etree._Element]:
    """The elements of a tree that any of the selectors finds."""
    return {node for selector in drop for node in selectors.select(root, selector) if not isinstance(node, str)}
