"""A feed's own text of a story, read as a page's body is; None for an excerpt, which is no body."""

from __future__ import annotations

import html
from dataclasses import replace
from datetime import datetime
from functools import cache

from newscrawl.arabic import fold
from newscrawl.arabic.sentences import ends_sentence, is_cut
from newscrawl.extraction.elements.blocks import Block
from newscrawl.extraction.elements.verdicts import Verdict
from newscrawl.extraction.page.page import Page, PageError
from newscrawl.extraction.reading import Reading, read_page
from newscrawl.extraction.rules import Rules
from newscrawl.extraction.source import Publisher, Source
from newscrawl.tables import read_table

_BOX = "newscrawl-feed-text"
_RULES = (Rules(body=f"#{_BOX}"),)
_NOBODY = Source(name="", publisher=Publisher("", "", "", "UTC"), domains=(), zone_is_known=False)
# WordPress cuts excerpts at 55 words, and its mark of origin stands below them, too.
_MOST_WORDS_OF_EXCERPT = 60
# The invitation to read on stands at the end.
_LAST_LINES, _MOST_WORDS_OF_LINE = 3, 30


def read_feed_text(
    text: str, url: str, *, title: str | None, source: Source | None, now: datetime
) -> tuple[Page, Reading] | None:
    """A feed's HTML for the article at `url` as a page, and its reading; `now` (aware) is when it is read.

    Raises nothing for what is no HTML: then there is no story in it.
    """
    if "<" not in text and "&lt;" in text:  # escaped once more than it should be
        text = html.unescape(text)
    lang = '<html lang="ar"><head><meta charset="utf-8">'
    head = f"<title>{html.escape(title or '')}</title></head>"
    document = f'{lang}{head}<body><article><div id="{_BOX}">{text}</div></article></body></html>'
    try:
        page = Page(document.encode("utf-8", "replace"), url, {"Content-Type": "text/html; charset=utf-8"})
    except PageError:
        return None
    reading = read_page(page, replace(source or _NOBODY, rules=_RULES), now=now)
    lines = [block for block in reading.blocks if block.text.strip()]
    footers = [block for block in lines if _is_footer(block.text)]
    for block in footers:
        block.dropped = block.dropped or Verdict.PHRASE
    return None if _is_excerpt(reading, lines, is_marked=bool(footers)) else (page, reading)


def _is_excerpt(reading: Reading, lines: list[Block], *, is_marked: bool) -> bool:
    story = reading.story
    if not story or is_cut(story[-1].text) or any(_leads_on(block.text) for block in lines[-_LAST_LINES:]):
        return True
    return is_marked and len(story) == 1 and story[0].words <= _MOST_WORDS_OF_EXCERPT


def _leads_on(line: str) -> bool:
    """Whether a line sends the reader to the rest of the story."""
    folded = fold(line)
    if folded in _endings("more"):
        return True
    if ends_sentence(line) and not is_cut(line):
        return False
    # A single word begins and ends sentences, too.
    for words in (words for words in _endings("more") if " " in words):
        is_first = ":" not in line and len(folded.split()) <= _MOST_WORDS_OF_LINE and folded.startswith(f"{words} ")
        if is_first or folded.endswith(f" {words}"):
            return True
    return False


def _is_footer(line: str) -> bool:
    folded = f" {fold(line)} "
    for words in _endings("footer"):
        start, _, end = words.partition("…")
        if folded.startswith(f" {start.strip()} ") and f" {end.strip()} " in folded:
            return True
    return False


@cache
def _endings(kind: str) -> tuple[str, ...]:
    rows = (line.split("\t") for line in read_table("newscrawl.extraction", "feed_endings.txt"))
    return tuple("…".join(map(fold, words.split("…"))) for row, words in rows if row == kind)
