"""The phrases that make a line boilerplate: tables/boilerplate.tsv, which an Arabic reader can edit.

They are matched after folding and anchored to whole lines, so that a sentence of the story that happens to hold one is
never eaten.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import chain, product

from newscrawl.arabic import fold
from newscrawl.arabic.sentences import ends_sentence
from newscrawl.tables import read_table

#: Characters of the longest line that is looked at: a longer one is a paragraph.
LONGEST_LINE = 400
_FEWEST_TOOLS, _MOST_TOOLS = 3, 20
_ADDRESS = re.compile(r"https?://(?=\S)")


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
    if len(line) > LONGEST_LINE:
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


def is_address(line: str) -> bool:
    """Whether a line is a URL, or a phrase and a URL."""
    line = line.rstrip()
    address = _ADDRESS.search(line, max(map(line.rfind, " \n\t")) + 1)
    return address is not None and (address.start() == 0 or match(line[: address.start()]) is not None)


@cache
def _tools() -> frozenset[str]:
    return frozenset(map(fold, read_table("newscrawl.extraction", "tools.txt")))


def is_row_of_tools(folded: str) -> bool:
    """Whether a folded line is nothing but names of tools, as the labels of icons stand beside each other."""
    words = folded.split()
    return _FEWEST_TOOLS <= len(words) <= _MOST_TOOLS and _tools().issuperset(words)


def is_toolbar(line: str) -> bool:
    """Whether a line is a row of tools, "طباعة | أرسل إلى صديق | ...": short parts, one of them at least a phrase."""
    parts = [part.strip() for part in line.split("|")]
    return all(part.count(" ") < 4 for part in parts) and any(match(part) for part in parts)
