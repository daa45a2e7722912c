"""The first layer: what a publisher's rules find on a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lxml import etree

from newscrawl.extraction.elements.blocks import Block, read, text_of, words_left
from newscrawl.extraction.elements.fragments import markup_blocks, selected
from newscrawl.extraction.elements.verdicts import Verdict
from newscrawl.extraction.fields import Field, RawFields
from newscrawl.extraction.page import embedded
from newscrawl.extraction.page.outline import outermost
from newscrawl.extraction.page.page import Page
from newscrawl.extraction.page.selectors import select
from newscrawl.extraction.rules import Embedded, Rules, Selector

#: Reads a container without its boxes of furniture, and without elements that are given.
Sifted = Callable[[etree._Element, Mapping[etree._Element, Verdict]], list[Block]]

_LISTS = frozenset({"authors", "tags"})
_TEXTS: tuple[Field, ...] = (
    "title", "subtitle", "authors", "dateline", "section", "tags", "image", "caption", "published", "modified",
)  # fmt: skip


def read_fields(page: Page, rules: Rules, fields: RawFields) -> None:
    """Offers what the rules find for every field but the body."""
    for name in _TEXTS:
        for selector in rules.selectors(name):
            values = _values(page, selector)
            if name in _LISTS:
                fields.offer(name, values, rules.label)
            else:
                for value in values:
                    fields.offer(name, value, rules.label)


def read_body(page: Page, rules: Rules, sifted: Sifted) -> tuple[list[Block], list[etree._Element]]:
    """The blocks of the body by the first selector that finds text, and the containers that they were read from;
    `sifted` reads one of these as the generic finder does, for rules that sift.
    """
    for selector in rules.selectors("body"):
        if isinstance(selector, Embedded):
            for value in embedded.values(page.script_values(selector.script), selector):
                if isinstance(value, str) and (blocks := markup_blocks(value, rules.drop)):
                    return blocks, []
            continue
        outer = outermost([node for node in select(page.tree, selector) if not isinstance(node, str)])
        skip = selected(page.tree, rules.drop)
        boxes = [element for element in outer if element not in skip]
        blocks = [b for e in boxes for b in (sifted(e, skip) if rules.sifts else read(e, skip, trust=True))]
        if words_left(blocks):
            return blocks, outer
    return [], []


def _values(page: Page, selector: Selector) -> list[str]:
    if isinstance(selector, Embedded):
        found = embedded.values(page.script_values(selector.script), selector)
        return [text for value in found for text in _plain(value)]
    nodes = select(page.tree, selector)
    texts = (node if isinstance(node, str) else text_of(node) for node in nodes)
    return [text for each in texts if (text := each.strip())]


def _plain(value: Any) -> list[str]:
    if isinstance(value, list):
        return [text for member in value for text in _plain(member)]
    if isinstance(value, dict):
        return _plain(value.get("name"))
    return [str(value)] if isinstance(value, str | int | float) and str(value).strip() else []
