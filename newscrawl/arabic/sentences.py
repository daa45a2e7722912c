"""Where a sentence ends: the marks that end one, and what may stand behind them."""

from __future__ import annotations

import re

#: The marks that end a sentence; some editors use the Latin question mark, and some end a paragraph by a semicolon.
ENDS = (".", "؟", "!", "…", "۔", "?", "؛", ";")
#: The marks at which a sentence pauses or ends.
PAUSES = "،.؛:؟!,?…۔"
_GOING_ON = (":", "،", ",")
# Blanks, direction marks and joiners are not seen; quotes, brackets and the stars of emphasis close behind the mark.
_UNSEEN = " \t\n\r\xa0\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_BEHIND = "»›\"”“’'″)]}﴾*_" + _UNSEEN
_NOTE = re.compile(r"[.؟!…۔?](?P<note>\s*[\[(][\d٠-٩]{1,3}[\])])$")
# "(أ.ف.ب.)", "م. ع.": letters and their dots are a name.
_INITIALS = re.compile(r"\W*(?:[^\W\d_]\.\s?)+\W*")
_CUT = ("...", "…")
_IN_BRACKETS = {"]": "[", ")": "("}


def ends_sentence(line: str) -> bool:
    """Whether a line ends as sentences do, whatever closes behind the mark: `.`, `؟»`, `!"`, `.)`, `…”`, `. [3]`."""
    if (end := _end(line)).endswith(ENDS):
        return _INITIALS.fullmatch(line) is None
    return end[-1:].isdigit() and _NOTE.search(line.rstrip(_UNSEEN)) is not None


def pauses(line: str) -> bool:
    """Whether a line ends as a sentence does or goes on in the next one, behind a colon or a comma."""
    return ends_sentence(line) or _end(line).endswith(_GOING_ON)


def asks(line: str) -> bool:
    """Whether a line ends as questions do."""
    return _end(line).endswith(("؟", "?"))


def is_cut(line: str) -> bool:
    """Whether a line is the beginning of a longer one, as excerpts are cut: `...`, `…`, `[…]`."""
    end = line.rstrip(_UNSEEN)
    if end[-1:] in _IN_BRACKETS:
        return end[:-1].endswith(tuple(_IN_BRACKETS[end[-1]] + dots for dots in _CUT))
    return end.endswith(_CUT)


def count_pauses(text: str) -> int:
    """How many marks of a text part its clauses or end its sentences."""
    return sum(map(text.count, PAUSES))


def _end(line: str) -> str:
    return line.rstrip(_BEHIND)
