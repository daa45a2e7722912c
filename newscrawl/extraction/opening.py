"""The first and last lines of a body that a finder chose: dates, captions, standfirst and tools around the story."""

from __future__ import annotations

from collections.abc import Callable

from newscrawl.extraction import boilerplate
from newscrawl.extraction.blocks import Block
from newscrawl.extraction.fields import RawFields
from newscrawl.extraction.visible import GENERIC

_FIRST, _LAST = 6, 3
_LONGEST_CAPTION = 15
_STOPS = (".", "؟", "!", "…", ":", "،", '."', ".»", ".”")


def trim(blocks: list[Block], is_date: Callable[[str], bool], fields: RawFields) -> None:
    """Drops, in place, lines that say the date, what stands above such a line, and captions below a picture.

    A line above the date that is no sentence is offered as the standfirst.
    """
    kept = boilerplate.kept(blocks)
    opening, closing = kept[:_FIRST], kept[_FIRST:][-_LAST:]
    dated = [at for at, block in enumerate(opening) if block.words < 18 and is_date(block.text)]
    for at in dated:
        opening[at].dropped = "date"
        fields.offer("visible_date", opening[at].text, GENERIC)
    for block in opening[: dated[0]] if dated else ():
        if not block.text.endswith(_STOPS):
            block.dropped = "standfirst"
            fields.offer("subtitle", block.text, GENERIC)
    captions = [block for block in kept if block.dropped is None and _is_caption(block)]
    if len(captions) < len(boilerplate.kept(kept)):
        for block in captions:
            block.dropped = "caption"
    for block in closing:
        if block.words < 18 and is_date(block.text):
            block.dropped = "date"


def _is_caption(block: Block) -> bool:
    """Whether a short line that is neither a sentence nor a sub-heading is the first below a picture."""
    if not block.below_picture or block.words > _LONGEST_CAPTION or block.text.endswith(_STOPS):
        return False
    return block.kind != "heading" and block.bold < 0.9 * len(block.text)
