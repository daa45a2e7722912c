"""The nets that take out of a body what is not the story: first line by line, then those that look at all lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Container, Iterable
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import NamedTuple

from lxml import etree

from newscrawl.arabic import fold
from newscrawl.arabic.sentences import ends_sentence
from newscrawl.extraction.body import closing, recurring
from newscrawl.extraction.body.phrases import LONGEST_LINE, Phrase, is_address, is_row_of_tools, is_toolbar, match
from newscrawl.extraction.elements.blocks import Block, kept
from newscrawl.extraction.elements.cards import excerpts
from newscrawl.extraction.elements.verdicts import Verdict

_ASIDE = re.compile(r"\s*[(\[]\s*(?:[إا]قر[أا]|شاهد|طالع|[إا]نظر)\s+أ?ا?يض[اًا]*\s*:?[^()\[\]]*[)\]]")
# What closes a story does so with more than two thirds of the prose before it.
_PROSE_BEFORE_THE_END = 2
_MOST_WORDS_OF_ADDRESS = 10
# A song has its refrain.
_FEWEST_WORDS_OF_COPY = 10
# A box of a promotion is small: how far up it is looked for, what is left of it, and what heads nothing but links.
_LEVELS_OF_BOX, _MOST_WORDS_OF_PROMOTION, _MOST_WORDS_OF_LABEL = 2, 16, 6
_FEWEST_WORDS_OF_HEADLINE, _MOST_LABELS = 4, 3
_MOST_QUOTES = 200
# A line of them is no word.
_TATWEEL = "\u0640"
_SHORTEST_PULL_QUOTE, _QUOTES = 40, ' "«»“”.…'


@dataclass(slots=True)
class Sieve:
    """What the nets know of a page, and of the lines that they have passed.

    `repeated` are folded texts that stand elsewhere in the record, `site_names` (folded) the site's own, `learned`
    the folded lines that the crawl has found to recur; `before` and `after` count the words of prose around a line.
    """

    repeated: set[str]
    site_names: Collection[str]
    learned: Container[str]
    after: int
    before: int = 0
    after_lead: bool = False
    seen: set[str] = field(default_factory=set)


class Line(NamedTuple):
    """A block, its folded text ("" where it is too long to be a phrase), and the phrase that stands in it."""

    block: Block
    key: str
    phrase: Phrase | None


class LineNet(NamedTuple):
    """Which lines are taken, and what they are called; Verdict.why is the sentence that explains it."""

    verdict: Verdict
    takes: Callable[[Line, Sieve], bool]


class Net(NamedTuple):
    """A net that looks at all lines, and the sentence that explains it."""

    name: str
    why: str
    cast: Callable[[list[Block], Sieve], None]


def sift(
    blocks: list[Block],
    *,
    title: str | None,
    captions: Iterable[str] = (),
    site_names: Collection[str] = (),
    learned: Container[str] = (),
) -> None:
    """Marks, in place, the blocks that are not the story, net by net.

    `title` and `captions` are texts that stand elsewhere in the record; `site_names` (folded) are the site's own, and
    `learned` holds line keys that the crawl has found to recur on this publisher's pages.
    """
    repeated = {key for text in (title, *captions) if text and (key := fold(text))}
    sieve = Sieve(repeated, site_names, learned, after=sum(b.words for b in kept(blocks) if not _is_mostly_link(b)))
    for net in NETS:
        net.cast(blocks, sieve)


def _sift_lines(blocks: list[Block], sieve: Sieve) -> None:
    for at, block in enumerate(blocks):
        if block.dropped:
            continue
        if block.links:
            _cut_asides(block)
        sieve.after -= 0 if _is_mostly_link(block) else block.words
        key = fold(block.text) if len(block.text) <= LONGEST_LINE else ""
        phrase = match(block.text, key)
        if phrase is not None and phrase.anchor == "lead" and _is_sentence(block, phrase):
            phrase = None
        line = Line(block, key, phrase)
        block.dropped = next((net.verdict for net in LINE_NETS if net.takes(line, sieve)), None)
        if block.dropped is None:
            sieve.after_lead = False
            sieve.before += block.words
            sieve.seen.add(key or block.text)
        elif phrase is not None:
            sieve.after_lead = phrase.anchor == "lead" and not block.links
            if phrase.anchor == "end" and sieve.before > _PROSE_BEFORE_THE_END * sieve.after:
                for later in kept(blocks[at + 1 :]):
                    later.dropped = Verdict.AFTER_THE_END
                return


def _cut_asides(block: Block) -> None:
    """Takes "(اقرأ أيضا: ...)" out of a paragraph."""
    text = _ASIDE.sub("", block.text).strip()
    if text and text != block.text:
        block.text, block.words, block.links = text, text.count(" ") + 1, 0


def _is_mostly_link(block: Block) -> bool:
    return block.link_share >= 0.5


def _is_phrase(line: Line, _: Sieve) -> bool:
    is_tools = is_row_of_tools(line.key) or ("|" in line.block.text and is_toolbar(line.block.text))
    return line.phrase is not None or is_tools


def _is_sentence(block: Block, phrase: Phrase) -> bool:
    """Whether a line that begins like a lead is prose: it goes on, ends as sentences do, and links to nothing."""
    goes_on = block.words > len(phrase.words) + 5 and ":" not in block.text[: 3 * sum(map(len, phrase.words))]
    return goes_on and ends_sentence(block.text) and block.link_share < 0.3


def _is_address(line: Line, _: Sieve) -> bool:
    return line.block.words <= _MOST_WORDS_OF_ADDRESS and is_address(line.block.text)


def _is_ornament(line: Line, _: Sieve) -> bool:
    return not any(map(str.isalnum, line.block.text.replace(_TATWEEL, "")))


def _is_counter(line: Line, _: Sieve) -> bool:
    return closing.is_counter(line.block.text)


def _is_link(line: Line, sieve: Sieve) -> bool:
    return excerpts.is_link_line(line.block) or (sieve.after_lead and _is_link_like(line.block))


def _is_link_like(block: Block) -> bool:
    return block.link_share > 0.5 or (block.kind == "item" and not ends_sentence(block.text))


def _is_told_elsewhere(line: Line, sieve: Sieve) -> bool:
    return line.key in sieve.repeated


def _is_copy(line: Line, sieve: Sieve) -> bool:
    return line.block.words >= _FEWEST_WORDS_OF_COPY and (line.key or line.block.text) in sieve.seen


def _restore_headings(blocks: list[Block], _: Sieve) -> None:
    excerpts.restore_headings(blocks)


def _drop_excerpts(blocks: list[Block], _: Sieve) -> None:
    excerpts.drop(blocks)


def _drop_rest_of_boxes(blocks: list[Block], _: Sieve) -> None:
    """What is left of a small box that begins with a phrase, and a short line above nothing but links."""
    boxes: dict[etree._Element, list[Block]] = {}
    for block in blocks:
        for box in (block.element, *islice(block.element.iterancestors(), _LEVELS_OF_BOX)):
            if box.tag in ("div", "section"):
                boxes.setdefault(box, []).append(block)
    whole = len(kept(blocks))
    for inside in boxes.values():
        left, gone = kept(inside), [block for block in inside if block.dropped in (Verdict.PHRASE, Verdict.LINK)]
        if not left or not gone or len(left) == whole:
            continue
        is_promotion = inside[0].dropped == Verdict.PHRASE and sum(b.words for b in left) <= _MOST_WORDS_OF_PROMOTION
        first = left[0]
        is_label = first.words <= _MOST_WORDS_OF_LABEL and not ends_sentence(first.text)
        rest = [block for block in inside[1:] if block.kind != "furniture"]
        is_head = is_label and left == inside[:1] and all(block.dropped == Verdict.LINK for block in rest)
        # A card of one story between paragraphs: its section, a label, its linked headline.
        is_linked = any(block.dropped == Verdict.LINK and block.words >= _FEWEST_WORDS_OF_HEADLINE for block in inside)
        is_card = is_linked and len(left) <= _MOST_LABELS and all(map(_is_label, left)) and not _has_prose(inside)
        if is_promotion or is_head or is_card:
            for block in left:
                block.dropped = Verdict.BOX
            whole -= len(left)


def _is_label(block: Block) -> bool:
    return block.words <= _MOST_WORDS_OF_LABEL and block.kind == "paragraph" and not ends_sentence(block.text)


def _has_prose(blocks: list[Block]) -> bool:
    return any(block.words > _MOST_WORDS_OF_PROMOTION and block.kind != "furniture" for block in blocks)


def _drop_recurring(blocks: list[Block], sieve: Sieve) -> None:
    if sieve.learned:
        recurring.drop(blocks, sieve.learned)


def _drop_closing(blocks: list[Block], sieve: Sieve) -> None:
    closing.drop_behind_rule(blocks)
    closing.drop(kept(blocks), sieve.site_names)


def _drop_rest_of_copies(blocks: list[Block], _: Sieve) -> None:
    """The short lines of a story that stands on the page again, once a paragraph beside them is a copy."""
    seen: set[str] = set()
    keys: list[tuple[Block, bool]] = []
    for block in blocks:
        if block.kind != "furniture":
            keys.append((block, block.text in seen))
            seen.add(block.text)
    for line in (keys, keys[::-1]):
        for (before, _was), (block, is_told) in pairwise(line):
            if is_told and block.dropped is None and before.dropped == Verdict.COPY:
                block.dropped = Verdict.COPY


def _drop_pull_quotes(blocks: list[Block], _: Sieve) -> None:
    """Quotes that the prose has too, and lines below the first that a neighbouring paragraph has word for word."""
    left = kept(blocks)[1:]
    for block, neighbour in (*pairwise(left), *((after, before) for before, after in pairwise(left))):
        is_shorter = (
            block.kind != "heading"
            and _FEWEST_WORDS_OF_COPY <= block.words < neighbour.words
            and len(block.text) >= _SHORTEST_PULL_QUOTE
        )
        if is_shorter and block.text.strip(_QUOTES) in neighbour.text:
            block.dropped = Verdict.COPY
    quotes = [b for b in kept(blocks) if b.kind == "quote" and b.words >= 4][:_MOST_QUOTES]
    if not quotes:
        return
    prose = " \n ".join(f" {fold(b.text)} " for b in kept(blocks) if b.kind != "quote")
    for quote in quotes:
        if f" {fold(quote.text)} " in prose:
            quote.dropped = Verdict.COPY


def _drop_empty_headings(blocks: list[Block], _: Sieve) -> None:
    """A sub-heading with no text below it heads something that another net took, or nothing."""
    below = False
    left = len(kept(blocks))
    for block in reversed(blocks):
        if block.dropped is not None:
            continue
        if block.kind == "heading":
            if not below and not ends_sentence(block.text) and left > 1:
                block.dropped = Verdict.EMPTY_HEADING
                left -= 1
        else:
            below = True


#: In this order: the first that takes a line names it.
LINE_NETS = (
    LineNet(Verdict.PHRASE, _is_phrase),
    LineNet(Verdict.LINK, _is_address),
    LineNet(Verdict.ORNAMENT, _is_ornament),
    LineNet(Verdict.COUNTER, _is_counter),
    LineNet(Verdict.LINK, _is_link),
    LineNet(Verdict.REPEATS, _is_told_elsewhere),
    LineNet(Verdict.COPY, _is_copy),
)
#: In this order: each sees what those before it have left.
NETS = (
    Net("lines", "what a line says of itself: a phrase, a link, an ornament, a copy", _sift_lines),
    Net("copies", "the short lines of a story that stands there again go with its paragraphs", _drop_rest_of_copies),
    Net("briefing", "linked headings, each with its prose, are a briefing's own and come back", _restore_headings),
    Net("cards", "the excerpt in a box with a linked heading announces another story", _drop_excerpts),
    Net("boxes", "what is left of a small box that begins with a phrase goes with it", _drop_rest_of_boxes),
    Net("recurring", "what recurs on the publisher's pages, at the story's edges and between blocks", _drop_recurring),
    Net("closing", "initials, agencies, contacts and who the author is close a story", _drop_closing),
    Net("quotes", "a quote that the prose has, too, is said again", _drop_pull_quotes),
    Net("headings", "a sub-heading with no text below it heads nothing", _drop_empty_headings),
)
