"""What is left of other stories' cards among the lines of a body: headlines, excerpts, days."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice, pairwise

from lxml import etree

from newscrawl.arabic.sentences import ends_sentence, is_cut
from newscrawl.extraction.elements.blocks import Block, kept
from newscrawl.extraction.elements.verdicts import Verdict

_FEWEST_HEADINGS, _FEWEST_WORDS_OF_PROSE = 3, 12
_LEVELS_OF_CARD, _MOST_WORDS_OF_CARD, _MOST_NODES_OF_CARD, _MOST_CARDS = 3, 60, 100, 50
# So much of a line without its link is a date or a section beside it.
_LONGEST_LABEL, _MOST_WORDS_OF_HEADLINE = 32, 30
_MOST_WORDS_OF_DAY = 8
# A sentence may be one long link.
_FEWEST_LINKED, _FEWEST_WORDS_OF_SENTENCE = 3, 25
_ONLY_LINK, _MOSTLY_LINK = 0.85, 0.6


def is_link_line(block: Block) -> bool:
    """Whether a line is a link to something else, with at most a date or a section beside it."""
    if block.links < _FEWEST_LINKED or (ends_sentence(block.text) and block.words >= _FEWEST_WORDS_OF_SENTENCE):
        return False
    if block.link_share > _ONLY_LINK:
        return True
    # A sentence with a long link has more words of its own.
    is_label = len(block.text) - block.links < _LONGEST_LABEL
    return is_label and block.link_share > _MOSTLY_LINK and block.words < _MOST_WORDS_OF_HEADLINE


def restore_headings(blocks: list[Block]) -> None:
    """A briefing links each of its headings: three or more, each with its prose beside it in the same box."""
    found = []
    for block, following in pairwise(block for block in blocks if block.kind != "furniture"):
        is_prose = (
            following.dropped is None and following.words >= _FEWEST_WORDS_OF_PROSE and not is_cut(following.text)
        )
        is_beside = following.element.getparent() is block.element.getparent()
        if block.dropped == Verdict.LINK and block.kind == "heading" and is_prose and is_beside:
            found.append(block)
    if len(found) >= _FEWEST_HEADINGS:
        for block in found:
            block.dropped = None


def drop(blocks: list[Block]) -> None:
    """The excerpts of single cards in a story: what stands in one box with a linked heading and with little else."""
    left = {block.element: block for block in kept(blocks)}
    headings = {block.element: block for block in blocks if block.dropped == Verdict.LINK and block.kind == "heading"}
    done: set[etree._Element] = set()
    for heading in list(headings.values())[:_MOST_CARDS]:
        for box in islice(heading.element.iterancestors(), _LEVELS_OF_CARD):
            if box in done:
                break  # what is around its cards is the story
            nodes = list(islice(box.iter(), _MOST_NODES_OF_CARD + 1))
            inside = [left[node] for node in nodes if node in left]
            if not inside:
                continue
            cards = sum(node in headings for node in nodes) if all(is_cut(block.text) for block in inside) else 1
            is_short = sum(block.words for block in inside) <= cards * _MOST_WORDS_OF_CARD
            is_small = len(nodes) <= _MOST_NODES_OF_CARD and is_short
            if is_small and len(inside) + 1 < len(left):
                done.add(box)
                for block in inside:
                    block.dropped = Verdict.CARD
                    del left[block.element]
            break


def drop_days(blocks: Iterable[Block], is_date: Callable[[str], bool]) -> None:
    """The days right below linked cards."""
    for card, block in pairwise(block for block in blocks if block.kind != "furniture"):
        is_below = card.dropped == Verdict.LINK and block.dropped is None
        if is_below and block.words < _MOST_WORDS_OF_DAY and is_date(block.text):
            block.dropped = Verdict.LINK
