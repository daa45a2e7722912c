"""News agencies under one name each, and the splitting of credits into segments."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from newscrawl.arabic.cleaning import clean
from newscrawl.arabic.folding import fold
from newscrawl.arabic.lexicon import forms, rows

#: Stands for "وكالات": agencies, not said which.
UNNAMED = "agencies (unnamed)"
_LONGEST = 6
_MAX_CREDIT = 200
_AGENCY_WORDS = {"وكاله", "لوكاله", "بوكاله"}
_NEWS_WORDS = {"للانباء", "للاعلام", "الاخباريه", "الرسميه", "نيوز"}
_ADJECTIVE = re.compile("ال\\w+يه")
# Not the hyphen of a name in Latin letters (Al-Khoury), and not the tatweel that draws a word out (خـالد).
_SEPARATOR = re.compile(
    r"(?:\s*(?:(?!(?<=[a-z])-[A-Za-z])[-–—_:/|،,؛;()\[\]{}«»\"“”„‘’+•*\n…!]|(?<!\w)ـ+|ـ+(?!\w))\s*|\s+\.\s*|\.\s*$)+"
)
_OPENERS = frozenset('«"“(‘[„')
_CLOSERS = frozenset('»"”)’]“')


class Segment(NamedTuple):
    """A piece of a credit between separators; `quoted`: in quotes or brackets; start and end in the credit."""

    text: str
    quoted: bool
    start: int
    end: int


def fold_key(text: str) -> str:
    """The folded letters of `text` without spaces: أ.ف.ب and أ ف ب are one."""
    return fold(text).replace(" ", "")


@cache
def _aliases() -> dict[str, tuple[str, str]]:
    """Key -> (canonical name, where it counts)."""
    table: dict[str, tuple[str, str]] = {}
    for name, where, names in rows("agencies.tsv"):
        for form in forms(names):
            table.setdefault(fold_key(form), (name, where))
    return table


@cache
def label_words() -> frozenset[str]:
    """Folded words that announce a name (كتب، بقلم)."""
    return byline_words("label")


@cache
def _label_starts() -> frozenset[str]:
    """What a label can begin with; of one that folds to nothing but its later words, the empty string."""
    return frozenset(label.partition(" ")[0] for label in label_words()) | {""}


@cache
def byline_words(kind: str) -> frozenset[str]:
    """Folded forms of one kind of byline_words.tsv."""
    return frozenset(
        fold(form) for row_kind, names in rows("byline_words.tsv") if row_kind == kind for form in forms(names)
    )


@cache
def _places() -> dict[str, str]:
    """Folded place -> "city", "word" (a city that is also a word) or "country"."""
    table = dict.fromkeys((fold(name) for (cell,) in rows("countries.txt") for name in forms(cell)), "country")
    for (cell,) in rows("places.txt"):
        for name in forms(cell):
            table[fold(name.removeprefix("?"))] = "word" if name.startswith("?") else "city"
    return table


def place_kind(text: str) -> str | None:
    """What known place `text` is: "city", "word" (also a common word) or "country"."""
    return _places().get(fold(text))


def segments(credit: str) -> list[Segment]:
    """The pieces of a credit line between dashes, colons, commas, brackets and quotes."""
    found: list[Segment] = []
    start = 0
    opened = False
    for match in [*_SEPARATOR.finditer(credit), None]:
        end = match.start() if match else len(credit)
        signs = set(match[0]) if match else set()
        piece = credit[start:end]
        if piece.strip():
            found.append(Segment(piece.strip(), opened and bool(signs & _CLOSERS), start, end))
        if match:
            opened, start = bool(signs & _OPENERS), match.end()
    return found


def _after_agency_word(words: list[str], index: int) -> tuple[str, int] | None:
    """The agency of "وكالة تسنيم الإيرانية للأنباء", with `index` behind وكالة."""
    table = _aliases()
    # "وكالة الأنباء الألمانية" is in the table with its first word, "وكالة أنباء تسنيم" without.
    for start in (index, index + 1) if words[index : index + 1] in (["انباء"], ["الانباء"]) else (index,):
        for end in range(min(len(words), start + _LONGEST), start, -1):
            hit = table.get("".join(words[start:end]))
            if hit and hit[0] != UNNAMED:
                while end < len(words) and (words[end] in _NEWS_WORDS or _ADJECTIVE.fullmatch(words[end])):
                    end += 1
                return hit[0], end
    return None


def _alias_at(words: list[str], index: int, trusted: bool) -> tuple[str, bool, int] | None:
    """Canonical name, whether it counts by itself, and the index after the alias at `index`."""
    table = _aliases()
    for end in range(min(len(words), index + _LONGEST), index, -1):
        hit = table.get("".join(words[index:end]))
        if hit and hit[1] != "agency":
            return hit[0], trusted or hit[1] == "any", end
    if words[index] in _AGENCY_WORDS and (found := _after_agency_word(words, index + 1)):
        return found[0], True, found[1]
    return None


def agencies_of(segment: str, *, trusted: bool) -> list[str]:
    """The agencies that a segment consists of, wholly; `trusted`: quoted or beside a city, so that a common word
    counts too."""
    stripped = segment.strip(" .")
    if stripped.isascii() and len(stripped) <= 5 and stripped.istitle() and len(stripped) > 1:
        return []  # Nina, Petra, Sana: given names
    words = fold(segment).split()
    if not words or len(words) > 12:
        return []
    found: list[str] = []
    sure = False
    index = 0
    while index < len(words):
        if words[index] == "و" and found:
            index += 1
            continue
        hit = _alias_at(words, index, trusted)
        if hit is None and found and words[index].startswith("و") and len(words[index]) > 1:
            hit = _alias_at([*words[:index], words[index][1:], *words[index + 1 :]], index, trusted)
        if hit is None:
            return []
        name, counts, index = hit
        sure = sure or counts
        if name not in found:
            found.append(name)
    return found if sure else []


def strip_labels(text: str) -> tuple[str, bool]:
    """`text` without announcing words at its head, and whether there were any."""
    words = text.split()
    if not words or fold(words[0]).partition(" ")[0] not in _label_starts():
        return text, False
    labels = label_words()
    gone = 0
    while gone < len(words):
        if gone and words[gone][0] == "و" and fold(words[gone][1:]) in byline_words("also"):
            gone += 1
            continue
        for size in (3, 2, 1):
            if fold(" ".join(words[gone : gone + size])) in labels and gone + size <= len(words):
                gone += size
                break
        else:
            break
    return (" ".join(words[gone:]), True) if gone else (text, False)


def credit_agencies(parts: list[Segment]) -> list[list[str]]:
    """The agencies of every segment of one credit."""
    beside_place = any(place_kind(part.text) for part in parts)
    stripped = [strip_labels(part.text) for part in parts]
    is_labelled = beside_place or (bool(parts) and stripped[0][1])
    return [
        agencies_of(bare, trusted=part.quoted or is_labelled or has_label)
        for part, (bare, has_label) in zip(parts, stripped, strict=True)
    ]


def canonical_agency(text: str) -> str | None:
    """The canonical name of the agency that a credit names ("الرياض - واس" -> "SPA"), the first named one of several;
    "agencies (unnamed)" for وكالات alone; None for persons, desks, and words that only look like an agency.
    """
    if len(text) > _MAX_CREDIT:
        return None
    credit = clean(text)
    whole = _aliases().get(fold_key(credit))
    if whole and whole[1] == "any" and agencies_of(credit, trusted=False):
        return whole[0]
    names = [name for hits in credit_agencies(segments(credit)) for name in hits]
    named = [name for name in names if name != UNNAMED]
    return next(iter(named or names), None)
