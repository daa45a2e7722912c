"""The first and last lines of a body that a finder chose: dates, captions, standfirst and tools around the story."""

from __future__ import annotations

import re
from itertools import pairwise

from newscrawl.extraction import boilerplate
from newscrawl.extraction.blocks import Block
from newscrawl.extraction.fields import RawFields
from newscrawl.extraction.instants import Dates
from newscrawl.extraction.visible import GENERIC

_FIRST, _LAST = 6, 3
_LONGEST_CAPTION = 15
_NUMBERED = re.compile(r"\d+\s*[-–.):]")
_PHOTOGRAPHER = re.compile(r"[(\[]\s*(?:تصوير|عدسة|صورة)\s*:[^()\[\]]{2,40}[)\]]\s*\.?$")
_STOPS = (".", "؟", "!", "…", ":", "،", '."', ".»", ".”")


def trim(blocks: list[Block], dates: Dates, fields: RawFields) -> None:
    """Drops, in place, lines that say the date, what stands above such a line, and captions below a picture.

    A line above the date that is no sentence is offered as the standfirst.
    """
    for card, block in pairwise(block for block in blocks if block.kind != "furniture"):
        if card.dropped == "link" and block.dropped is None and block.words < 8 and dates.is_date(block.text):
            block.dropped = "link"
    kept = boilerplate.kept(blocks)
    opening, closing = kept[:_FIRST], kept[_FIRST:][-_LAST:]
    dated = [at for at, block in enumerate(opening) if block.words < 18 and dates.is_dateline(block.text)]
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
        if block.words < 18 and dates.is_dateline(block.text):
            block.dropped = "date"


def _is_caption(block: Block) -> bool:
    """Whether a short line that is neither a sentence nor a sub-heading is the first below a picture."""
    if not block.below_picture:
        return False
    if _PHOTOGRAPHER.search(block.text):
        return True
    if block.words > _LONGEST_CAPTION or block.text.endswith(_STOPS) or _NUMBERED.match(block.text):
        return False
    return block.kind != "heading" and block.bold < 0.9 * len(block.text)
