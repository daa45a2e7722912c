"""What of a story is compared: its folded words in shingles of three, without credits, datelines and boilerplate."""

from __future__ import annotations

import re
import zlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from rensa import RMinHash

from newscrawl.arabic import FOLD_VERSION, canonical_agency, fold, split_dateline
from newscrawl.dedup.triples import low_halves, triple_hashes, word_hashes
from newscrawl.tables import read_table

PERMUTATIONS = 128
BANDS = 16
SEED = 20_261_122
SKETCH = 512  # hashes kept of a story: of a usual one all; beyond, the smallest, which estimate Jaccard without bias
SHORT_WORDS = 20  # a text of at most so many words is compared by containment
LEAD_WORDS = 28  # how far into a longer story a short one is looked for
_RUN = 4
_CREDIT_WORDS = 5
_BOILERPLATE_WORDS = 12

STAMP = (
    f"rensa {RMinHash.ALGORITHM_VERSION} seed {SEED}; {PERMUTATIONS} permutations in {BANDS} bands; "
    f"3-word shingles 2; fold {FOLD_VERSION}"
)
"""Under which rules fingerprints were made; those of another stamp cannot be compared with ours."""

_SALT = zlib.crc32(STAMP.encode())
_OPENING = 90  # characters within which a dateline ends
_SENTENCE = "قالت وزارة الصحة إن عدد المصابين لم يتغير"
# Where a dateline may end: a bracket, a colon, a dash, or the sign of the Saudi agency, which needs neither.
_SIGN = re.compile(r"[)\]»\"”]\s*[:\-\u2010-\u2015ـ]*|:|\s[-\u2010-\u2015ـ_]+|[-\u2010-\u2015]+(?=\s)|(?<=\sواس)(?=\s)")
_BRACKETS = re.compile(r"[(\[]([^()\[\]]{2,60})[)\]]")


@cache
def table(name: str) -> tuple[str, ...]:
    """The folded lines of a table of this package, comments left out."""
    return tuple(dict.fromkeys(fold(line) for line in read_table("newscrawl.dedup", name)))


@cache
def turning_hashes() -> frozenset[int]:
    """Hashes of the words that turn the meaning of a short item."""
    return frozenset(word_hashes(word.encode() for word in table("turning.txt")))


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A story as the index compares it; a few hundred bytes up to some 2 KB."""

    size: int
    """Number of shingles; of distinct ones where there are more than SKETCH."""
    sketch: bytes
    """Hashes of the shingles, 32 bits each: all, or of more than SKETCH the smallest distinct ones."""
    hashes: bytes
    """Under what it is found, 32 bits each: a hash of each MinHash band, then the winnowed word triples of the lead."""
    lead: bytes
    """Hashes of the first words, 32 bits each, in the text's order; of a short item all of them."""
    short: bool
    numbers: frozenset[int]
    """Of a short item, the hashes of the words with digits."""


def fingerprint(title: str | None, body: str | None) -> Fingerprint | None:
    """The fingerprint of a story's text, of its headline where there is no text; None below three words."""
    words = (story_text(body or "") or story_text(title or "")).encode().split()
    if len(words) < 3:
        return None
    hashes = word_hashes(words)
    shingles = triple_hashes(hashes)
    sketch = low_halves(shingles)
    lead = low_halves(hashes[:LEAD_WORDS])
    opening = sketch[: len(lead) - 2].tolist()
    size = len(sketch)
    if size > SKETCH:
        distinct = sorted(set(sketch))
        size, sketch = len(distinct), array("I", distinct[:SKETCH])
    short = len(words) <= SHORT_WORDS
    return Fingerprint(
        size=size,
        sketch=sketch.tobytes(),
        hashes=array("I", [*_band_hashes(shingles), *winnow(opening)]).tobytes(),
        lead=lead.tobytes(),
        short=short,
        numbers=frozenset(_numbers(words, lead)) if short else frozenset(),
    )


def _numbers(words: list[bytes], hashes: array[int]) -> Iterator[int]:
    return (value for word, value in zip(words, hashes, strict=True) if any(map(str.isdigit, word.decode())))


def _band_hashes(shingles: array[int]) -> list[int]:
    rows = RMinHash.digest_matrix_from_flat_token_hashes(shingles, array("Q", (0, len(shingles))), PERMUTATIONS, SEED)
    raw = array("I", rows.to_rows()[0]).tobytes()
    width = len(raw) // BANDS
    return [zlib.crc32(raw[at : at + width], _SALT) for at in range(0, len(raw), width)]


def winnow(hashes: list[int]) -> list[int]:
    """The smallest hash of every four neighbours: texts that share a run of four share one of its hashes.

    (Schleimer, Wilkerson, Aiken: Winnowing, SIGMOD 2003.)
    """
    if len(hashes) < _RUN:
        return [min(hashes)] if hashes else []
    return list(dict.fromkeys(map(min, *(hashes[at:] for at in range(_RUN)))))


def story_text(text: str) -> str:
    """A story's own text, folded: no credits, no dateline, no boilerplate, no urgent marker."""
    paragraphs = [line for line in text.split("\n") if line.strip()]
    told: list[str] = []
    for paragraph in paragraphs:
        if len(paragraphs) > 1 and _is_credit(paragraph):
            continue
        if not told:
            paragraph = _without_dateline(paragraph)
        if "(" in paragraph or "[" in paragraph:
            paragraph = _BRACKETS.sub(lambda m: " " if _agency(m[1]) else m[0], paragraph)
        if not paragraph.strip():  # it was a dateline and nothing else
            continue
        if paragraph.count(" ") > 2 * _BOILERPLATE_WORDS or not _is_boilerplate(paragraph):
            told.append(paragraph)
    folded = fold("\n".join(told))
    while folded and (opening := folded.partition(" "))[0] in table("urgent.txt"):
        folded = opening[2]
    return folded


def _is_credit(paragraph: str) -> bool:
    """Whether a paragraph of a few words names an agency: "(رويترز)", "المصدر: وكالات"."""
    return paragraph.count(" ") < _CREDIT_WORDS and _agency(paragraph) is not None


def _without_dateline(paragraph: str) -> str:
    """The longest opening that is a dateline goes.

    Openings repeat from story to story, so each is read once, before a sentence that is always the same: reading every
    story's own opening would cost half of a comparison.
    """
    end = 0
    for sign in _SIGN.finditer(paragraph, 0, _OPENING):
        if _is_dateline(paragraph[: sign.end()]):
            end = sign.end()
        elif end:
            break
    return paragraph[end:]


@lru_cache(4096)
def _is_dateline(opening: str) -> bool:
    return split_dateline(f"{opening} {_SENTENCE}").text == _SENTENCE


@lru_cache(4096)
def _agency(credit: str) -> str | None:
    return canonical_agency(credit)


def _is_boilerplate(paragraph: str) -> bool:
    opening = fold(paragraph.split(None, 1)[0]).partition(" ")[0]
    # Nearly every paragraph begins as no phrase does, and to fold its first word is a small part of folding it.
    if opening and opening not in _boilerplate_openings():
        return False
    line = fold(paragraph)
    return line.count(" ") < _BOILERPLATE_WORDS and any(
        line == phrase or line.startswith(phrase + " ") for phrase in table("boilerplate.txt")
    )


@cache
def _boilerplate_openings() -> frozenset[str]:
    return frozenset(phrase.partition(" ")[0] for phrase in table("boilerplate.txt"))
