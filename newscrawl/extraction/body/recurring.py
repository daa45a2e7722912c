"""Where in a story furniture may stand that the publisher repeats: at its edges, and between its blocks."""

from __future__ import annotations

from collections.abc import Container, Iterable
from itertools import takewhile

from newscrawl.arabic import fold
from newscrawl.arabic.sentences import ends_sentence, pauses
from newscrawl.extraction.elements.blocks import Block, kept
from newscrawl.extraction.elements.verdicts import Verdict

# So many lines of furniture may stand above one another.
_LINES_OF_EDGE = 3
_MOST_WORDS_OF_LABEL = 12


def drop(blocks: Iterable[Block], learned: Container[str]) -> None:
    """Marks what recurs: from both edges of the story to the first line that does not, and labels between its blocks.

    A sentence between others is the story's, however often the paper prints it; so is a story of nothing else.
    """
    left = kept(blocks)
    recurs = [fold(block.text) in learned for block in left]
    if all(recurs) or not any(recurs):
        return
    above = sum(1 for _ in takewhile(bool, recurs))
    below = len(left) - sum(1 for _ in takewhile(bool, reversed(recurs)))
    for at, block in enumerate(left):
        if recurs[at] and (at < above or at >= below or _is_label(block, left[at - 1])):
            block.dropped = Verdict.LEARNED


def places(story: list[Block]) -> list[Block]:
    """The blocks of a story that stand where furniture may: what recurs elsewhere is not counted."""
    edges = {*story[:_LINES_OF_EDGE], *story[-_LINES_OF_EDGE:]}
    return [block for at, block in enumerate(story) if block in edges or _is_label(block, story[at - 1])]


def _is_label(block: Block, before: Block) -> bool:
    """Whether a line below another is neither a sentence nor a part of one, nor a sub-heading; where the paper ends
    paragraphs without a mark, that cannot be told."""
    is_short = block.kind != "heading" and block.words <= _MOST_WORDS_OF_LABEL
    return is_short and not pauses(block.text) and ends_sentence(before.text)
