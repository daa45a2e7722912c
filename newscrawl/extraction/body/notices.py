"""What a site says of its stories at their end, in ever new words: disclaimers, and rules for those who comment."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache, lru_cache

from newscrawl.arabic import fold
from newscrawl.arabic.sentences import ends_sentence
from newscrawl.tables import read_table

_MOST_WORDS = 70
_PROCLITICS = ("وال", "فال", "بال", "كال", "لل", "ال", "و", "ف", "ب", "ل", "ك")
_SHORTEST_WORD = 2
#: A notice speaks of a subject, of what it does, of whose it is, and sets bounds to that; a label may stand for one.
_PARTS = ("subject", "verb", "owner", "limit")
_FEWEST_RULES = 3
# Of 44,960 last paragraphs of real news none has so large a share of these words (realtext, 2015).
_LEAST_SHARE = 0.25


@cache
def _groups() -> dict[str, frozenset[str]]:
    """The groups that each folded word of the table belongs to."""
    groups: dict[str, set[str]] = {}
    for row in read_table("newscrawl.extraction", "notices.tsv"):
        group, words = row.split("\t")
        for word in fold(words).split():
            groups.setdefault(word, set()).add(group)
    return {word: frozenset(found) for word, found in groups.items()}


@lru_cache(maxsize=16384)
def _groups_of(word: str) -> frozenset[str]:
    known = _groups()
    if word in known:
        return known[word]
    for proclitic in _PROCLITICS:
        if (
            word.startswith(proclitic)
            and len(word) - len(proclitic) >= _SHORTEST_WORD
            and word[len(proclitic) :] in known
        ):
            return known[word[len(proclitic) :]]
    return frozenset()


def is_notice(line: str, site_names: Collection[str] = ()) -> bool:
    """Whether a line at the end of a story is a disclaimer or a rule for comments.

    `site_names` are folded: to name the site is to say whose a text is. A disclaimer has four parts, or three behind a
    label ("ملاحظة: ..."); a rule for comments names what readers do and at least three things that they are to heed.
    """
    folded = fold(line)
    words = folded.split()
    if len(words) > _MOST_WORDS:
        return False
    found = [_groups_of(word) for word in words]
    if found and "report" in found[0] and ends_sentence(line):
        return False
    least = _LEAST_SHARE * len(words)
    parts = {part for part in _PARTS if any(part in groups for groups in found)}
    if any(f" {name} " in f" {folded} " for name in site_names):
        parts.add("owner")
    is_labelled = bool(found) and "label" in found[0]
    # One word may not stand for two parts.
    telling = sum(not groups.isdisjoint(_PARTS) for groups in found)
    if len(parts) + is_labelled >= len(_PARTS) and telling + is_labelled >= max(least, len(_PARTS)):
        return True
    rules = {word for word, groups in zip(words, found, strict=True) if "rule" in groups}
    is_ruled = len(rules) >= _FEWEST_RULES and sum(map(bool, found)) >= least
    return is_ruled and any("reader" in groups - {"rule"} for groups in found)
