"""Blocks out of a string of markup, as scripts and JSON-LD hold them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from lxml import etree, html

from newscrawl.extraction.elements.blocks import Block, read
from newscrawl.extraction.elements.verdicts import Verdict
from newscrawl.extraction.page.selectors import Tree, select

#: What tells markup from plain text.
MARKUP = re.compile(r"</p>|<br\s*/?>|</div>", re.IGNORECASE)


def markup_blocks(markup: str, drop: Sequence[str] = ()) -> list[Block]:
    """The blocks of an HTML fragment that lay in a script, or of plain text whose lines are paragraphs."""
    if not MARKUP.search(markup):
        markup = "<br>".join(escape(line) for line in markup.splitlines())
    fragment = html.fragment_fromstring(markup.replace("\x00", ""), create_parent="div")
    return read(fragment, selected(Tree(fragment), drop), trust=bool(drop))


def selected(tree: Tree, drop: Iterable[str]) -> dict[etree._Element, Verdict]:
    """The elements of a tree that any of a publisher's drop selectors finds."""
    return {node: Verdict.RULE for selector in drop for node in select(tree, selector) if not isinstance(node, str)}
