"""What of a story is compared: its folded words in shingles of three, without credits, datelines and boilerplate."""

from __future__ import annotations

import re
import zlib
from array import array
from dataclasses import dataclass
from functools import cache, lru_cache

from rensa import RMinHash

from newscrawl.arabic import FOLD_VERSION, canonical_agency, fold, split_dateline
from newscrawl.tables import read_table

PERMUTATIONS = 128
BANDS = 16
SEED = 20_261_122
SKETCH = 512  # hashes kept of a story: of a usual one all; beyond, the smallest, which estimate Jaccard without bias
SHORT_WORDS = 20  # a text of at most so many words is compared by containment
LEAD_WORDS = 28  # how far into a longer story a short one is looked for
HASH_BYTES = 4
_RUN = 4
_CREDIT_WORDS = 5
_BOILERPLATE_WORDS = 12

STAMP = (
    f"rensa {RMinHash.ALGORITHM_VERSION} seed {SEED}; {PERMUTATIONS} permutations in {BANDS} bands; "
    f"3-word shingles 1; fold {FOLD_VERSION}"
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


def word_hash(word: str) -> int:
    """32 bits, the same on every machine."""
    return zlib.crc32(word.encode())


@cache
def turning_hashes() -> frozenset[int]:
    """Hashes of the words that turn the meaning of a short item."""
    return frozenset(map(word_hash, table("turning.txt")))


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A story as the index compares it; a few hundred bytes up to some 2 KB."""

    size: int
    """Number of distinct shingles."""
    sketch: bytes
    """Hashes of the shingles, 32 bits each: all, or the smallest SKETCH of them."""
    hashes: bytes
    """Under what it is found, 32 bits each: a hash of each MinHash band, then the winnowed word triples of the lead."""
    lead: bytes
    """Hashes of the first words, 32 bits each, in the text's order; of a short item all of them."""
    short: bool
    numbers: frozenset[int]
    """Of a short item, the hashes of the words with digits."""


def fingerprint(title: str | None, body: str | None) -> Fingerprint | None:
    """The fingerprint of a story's text, of its headline where there is no text; None below three words."""
    sequence = story_words(body or "") or story_words(title or "")
    if len(sequence) < 3:
        return None
    encoded = " ".join(sequence).encode().split()
    shingles = set(map(b" ".join, zip(encoded, encoded[1:], encoded[2:], strict=False)))
    # The lower halves of 64-bit hashes, on a little-endian machine as on all that CPython is built for in practice.
    hashes = array("I", array("Q", RMinHash.hash_token_sets([shingles])[0]).tobytes())[::2]
    if len(hashes) > SKETCH:
        hashes = array("I", sorted(hashes)[:SKETCH])
    minhash = RMinHash(PERMUTATIONS, SEED)
    minhash.update(shingles)
    short = len(sequence) <= SHORT_WORDS
    lead = array("I", map(word_hash, sequence[:LEAD_WORDS])).tobytes()
    return Fingerprint(
        size=len(shingles),
        sketch=hashes.tobytes(),
        hashes=array("I", [*_band_hashes(minhash.digest()), *winnow(triples(lead))]).tobytes(),
        lead=lead,
        short=short,
        numbers=frozenset(word_hash(w) for w in sequence if any(map(str.isdigit, w))) if short else frozenset(),
    )


def _band_hashes(digest: list[int]) -> list[int]:
    raw = array("I", digest).tobytes()
    width = len(raw) // BANDS
    return [zlib.crc32(raw[at : at + width], _SALT) for at in range(0, len(raw), width)]


def triples(lead: bytes) -> list[int]:
    """Hashes of the word triples of a lead, in the text's order."""
    starts = range(0, len(lead) - 2 * HASH_BYTES, HASH_BYTES)
    return [zlib.crc32(lead[start : start + 3 * HASH_BYTES], _SALT) for start in starts]


def winnow(hashes: list[int]) -> list[int]:
    """The smallest hash of every four neighbours: texts that share a run of four share one of its hashes.

    (Schleimer, Wilkerson, Aiken: Winnowing, SIGMOD 2003.)
    """
    if len(hashes) < _RUN:
        return [min(hashes)] if hashes else []
    return list(dict.fromkeys(map(min, zip(*(hashes[at:] for at in range(_RUN)), strict=False))))


def story_words(text: str) -> list[str]:
    """The words of a story's own text: no credits, no dateline, no boilerplate, no urgent marker."""
    # A lone surrogate, which JSON can spell, has no bytes to hash.
    text = text.encode("utf-8", "replace").decode()
    paragraphs = [line for line in text.split("\n") if line.strip()]
    told: list[str] = []
    for paragraph in paragraphs:
        if len(paragraphs) > 1 and _is_credit(paragraph):
            continue
        if not told:
            paragraph = _without_dateline(paragraph)
        if "(" in paragraph or "[" in paragraph:
            paragraph = _BRACKETS.sub(lambda m: " " if _agency(m[1]) else m[0], paragraph)
        if paragraph.count(" ") > 2 * _BOILERPLATE_WORDS or not _is_boilerplate(paragraph):
            told.append(paragraph)
    sequence = fold("\n".join(told)).split()
    urgent = table("urgent.txt")
    start = 0
    while start < len(sequence) and sequence[start] in urgent:
        start += 1
    return sequence[start:]


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
    line = fold(paragraph)
    return line.count(" ") < _BOILERPLATE_WORDS and any(
        line == phrase or line.startswith(phrase + " ") for phrase in table("boilerplate.txt")
    )
