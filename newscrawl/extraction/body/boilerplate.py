"""The nets that take out of a body what is not the story: links, phrases, copies, and what the crawl has learned.

The phrases lie in tables/boilerplate.tsv, which an Arabic reader can edit; they are matched after folding, and
anchored to whole lines, so that a sentence of the story that happens to hold one is never eaten.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice, pairwise, product

from lxml import etree

from newscrawl.arabic import fold
from newscrawl.arabic.sentences import ends_sentence, is_cut
from newscrawl.extraction.body import closing
from newscrawl.extraction.elements.blocks import Block
from newscrawl.extraction.elements.verdicts import Verdict
from newscrawl.tables import read_table

_LONGEST_LINE = 400
_MOST_QUOTES = 200
_SHORTEST_PULL_QUOTE, _QUOTES = 40, ' "«»“”.…'
_LEVELS_OF_BOX, _MOST_WORDS_OF_PROMOTION, _MOST_WORDS_OF_LABEL = 2, 16, 6
_MOST_WORDS_OF_ADDRESS = 10
_FEWEST_HEADINGS, _FEWEST_WORDS_OF_PROSE = 3, 12
_LEVELS_OF_CARD, _MOST_WORDS_OF_CARD, _MOST_NODES_OF_CARD, _MOST_CARDS = 3, 60, 100, 50
# A song has its refrain.
_FEWEST_WORDS_OF_COPY = 10
_ADDRESS = re.compile(r"https?://\S+\s*$")
_ASIDE = re.compile(r"\s*[(\[]\s*(?:[إا]قر[أا]|شاهد|طالع|[إا]نظر)\s+أ?ا?يض[اًا]*\s*:?[^()\[\]]*[)\]]")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One row of the table: folded words, how they are anchored, and the longest line (in words) that they take.

    `later` is what has to stand later in the line, where the row has a gap ("تابعوا … واتساب").
    """

    words: tuple[str, ...]
    anchor: str
    most_words: int
    later: str = ""


@cache
def _phrases() -> tuple[dict[tuple[str, ...], list[Phrase]], dict[str, list[Phrase]]]:
    """The anchored phrases by their first two words, and by their first those that may stand anywhere in a line."""
    by_start: dict[tuple[str, ...], list[Phrase]] = {}
    anywhere: dict[str, list[Phrase]] = {}
    for line in read_table("newscrawl.extraction", "boilerplate.tsv"):
        anchor, most_words, alternatives = line.split("\t")[:3]
        for phrase in product(*(word.split("|") for word in alternatives.split())):
            start, _, later = " ".join(phrase).partition("…")
            words = tuple(fold(start).split())
            row = Phrase(words, anchor, int(most_words) or len(words), fold(later))
            if anchor == "within":
                anywhere.setdefault(words[0], []).append(row)
            else:
                by_start.setdefault(words[:2], []).append(row)
    return by_start, anywhere


def match(line: str, folded: str | None = None) -> Phrase | None:
    """The phrase of the table that makes a line boilerplate, None for a line of the story; `folded` saves folding."""
    if len(line) > _LONGEST_LINE:
        return None
    if folded is None:
        folded = fold(line)
    words = folded.split()
    by_start, anywhere = _phrases()
    if not words:
        return None
    for phrase in chain(by_start.get(tuple(words[:2]), ()), by_start.get((words[0],), ())):
        length = len(phrase.words)
        if tuple(words[:length]) != phrase.words or len(words) > phrase.most_words:
            continue
        if phrase.later and f" {phrase.later} " not in f"{folded[len(' '.join(phrase.words)) :]} ":
            continue
        if phrase.anchor == "bare" and ends_sentence(line):
            continue
        if phrase.anchor == "label" and tuple(fold(line.partition(":")[0]).split()) != phrase.words:
            continue
        return phrase
    for word in anywhere.keys() & words:
        for phrase in anywhere[word]:
            if len(words) <= phrase.most_words and f" {' '.join(phrase.words)} " in f" {folded} ":
                return phrase
    return None


def clean_lines(lines: Iterable[str]) -> list[str]:
    """The lines of a plain text without boilerplate; a lead such as "اقرأ المزيد" takes only its own line."""
    return [line for line in lines if match(line) is None]


def sift(
    blocks: list[Block],
    *,
    title: str | None,
    captions: Iterable[str] = (),
    site_names: Container[str] = (),
    learned: Container[str] = (),
) -> None:
    """Marks, in place, the blocks that are not the story.

    `title` and `captions` are texts that stand elsewhere in the record; `site_names` (folded) are the site's own, and
    `learned` holds line keys that the crawl has found to recur on this publisher's pages.
    """
    repeated = {key for text in (title, *captions) if text and (key := fold(text))}
    seen: set[str] = set()
    after_lead = False
    before, after = 0, sum(b.words for b in blocks if b.dropped is None and b.link_share < 0.5)
    for block in blocks:
        if block.dropped:
            continue
        if block.links:
            _cut_asides(block)
        after -= block.words if block.link_share < 0.5 else 0
        key = fold(block.text) if len(block.text) <= _LONGEST_LINE or learned else ""
        phrase = match(block.text, key)
        if phrase is not None and phrase.anchor == "lead" and _is_sentence(block, phrase):
            phrase = None
        if phrase is None and "|" in block.text and _is_toolbar(block.text):
            block.dropped = Verdict.PHRASE
        elif phrase is not None:
            block.dropped = Verdict.PHRASE
            after_lead = phrase.anchor == "lead" and not block.links
            # With more than two thirds of the prose before it, what closes a story closes it.
            if phrase.anchor == "end" and before > 2 * after:
                _drop_rest(blocks, block)
                break
        elif block.words <= _MOST_WORDS_OF_ADDRESS and _is_address(block.text):
            block.dropped = Verdict.LINK
        elif not any(c.isalnum() for c in block.text):
            block.dropped = Verdict.ORNAMENT
        elif _is_link_line(block) or (after_lead and _is_link_like(block)):
            block.dropped = Verdict.LINK
        elif key in repeated:
            block.dropped = Verdict.REPEATS
        elif key and key in learned:
            block.dropped = Verdict.LEARNED
        elif (key or block.text) in seen and block.words >= _FEWEST_WORDS_OF_COPY:
            block.dropped = Verdict.COPY
        else:
            after_lead = False
            before += block.words
            seen.add(key or block.text)
    _restore_headings(blocks)
    _drop_cards(blocks)
    _drop_rest_of_boxes(blocks)
    closing.drop(kept(blocks), site_names)
    _drop_pull_quotes(blocks)
    _drop_empty_headings(blocks)


def _cut_asides(block: Block) -> None:
    """Takes "(اقرأ أيضا: ...)" out of a paragraph."""
    text = _ASIDE.sub("", block.text).strip()
    if text and text != block.text:
        block.text, block.words, block.links = text, text.count(" ") + 1, 0


def kept(blocks: Iterable[Block]) -> list[Block]:
    """The blocks that are the story."""
    return [b for b in blocks if b.dropped is None]


def _is_link_line(block: Block) -> bool:
    if block.links < 3 or (ends_sentence(block.text) and block.words >= 25):
        return False
    if block.link_share > 0.85:
        return True
    # A link with a date or a section beside it is a card; a sentence with a long link has more words of its own.
    return len(block.text) - block.links < 32 and block.link_share > 0.6 and block.words < 30


def _is_address(line: str) -> bool:
    """Whether a line is a URL, or a phrase and a URL."""
    address = _ADDRESS.search(line)
    return address is not None and (address.start() == 0 or match(line[: address.start()]) is not None)


def _is_toolbar(line: str) -> bool:
    """Whether a line is a row of tools, "طباعة | أرسل إلى صديق | ...": short parts, one of them at least a phrase."""
    parts = [part.strip() for part in line.split("|")]
    return all(part.count(" ") < 4 for part in parts) and any(match(part) for part in parts)


def _is_sentence(block: Block, phrase: Phrase) -> bool:
    """Whether a line that begins like a lead is prose: it goes on, ends as sentences do, and links to nothing."""
    goes_on = block.words > len(phrase.words) + 5 and ":" not in block.text[: 3 * sum(map(len, phrase.words))]
    return goes_on and ends_sentence(block.text) and block.link_share < 0.3


def _is_link_like(block: Block) -> bool:
    return block.link_share > 0.5 or (block.kind == "item" and not ends_sentence(block.text))


def _drop_rest(blocks: list[Block], block: Block) -> None:
    for later in blocks[blocks.index(block) + 1 :]:
        if later.dropped is None:
            later.dropped = Verdict.AFTER_THE_END


def _restore_headings(blocks: list[Block]) -> None:
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


def _drop_cards(blocks: list[Block]) -> None:
    """The excerpts of single cards in a story: what stands in one box with a linked heading and with little else."""
    left = {block.element: block for block in kept(blocks)}
    headings = {block.element: block for block in blocks if block.dropped == Verdict.LINK and block.kind == "heading"}
    for heading in list(headings.values())[:_MOST_CARDS]:
        for box in islice(heading.element.iterancestors(), _LEVELS_OF_CARD):
            nodes = list(islice(box.iter(), _MOST_NODES_OF_CARD + 1))
            inside = [left[node] for node in nodes if node in left]
            if not inside:
                continue
            cards = sum(node in headings for node in nodes) if all(is_cut(block.text) for block in inside) else 1
            is_short = sum(block.words for block in inside) <= cards * _MOST_WORDS_OF_CARD
            is_small = len(nodes) <= _MOST_NODES_OF_CARD and is_short
            if is_small and len(inside) + 1 < len(left):
                for block in inside:
                    block.dropped = Verdict.CARD
                    del left[block.element]
            break


def _drop_rest_of_boxes(blocks: list[Block]) -> None:
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
        if is_promotion or is_head:
            for block in left:
                block.dropped = Verdict.BOX
            whole -= len(left)


def _drop_pull_quotes(blocks: list[Block]) -> None:
    """Quotes that the prose has too, and lines below the first that a neighbouring paragraph has word for word."""
    left = kept(blocks)[1:]
    for block, neighbour in (*pairwise(left), *((after, before) for before, after in pairwise(left))):
        is_shorter = _FEWEST_WORDS_OF_COPY <= block.words < neighbour.words and len(block.text) >= _SHORTEST_PULL_QUOTE
        if is_shorter and block.text.strip(_QUOTES) in neighbour.text:
            block.dropped = Verdict.COPY
    quotes = [b for b in kept(blocks) if b.kind == "quote" and b.words >= 4][:_MOST_QUOTES]
    if not quotes:
        return
    prose = " \n ".join(f" {fold(b.text)} " for b in kept(blocks) if b.kind != "quote")
    for quote in quotes:
        if f" {fold(quote.text)} " in prose:
            quote.dropped = Verdict.COPY


def _drop_empty_headings(blocks: list[Block]) -> None:
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
