"""Which language a text is in, told by its letters and its shortest words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from newscrawl.arabic.lexicon import rows

#: So much of a text decides; more would not change the answer.
_HEAD = 2000
_ARABIC = re.compile("[\u0620-\u063f\u0641-\u064a\u066e-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f]")
_LATIN = re.compile("[A-Za-zÀ-ÖØ-öø-ɏ]")
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile("[\u0620-\u063f\u0641-\u065f\u066e-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f\u200c]+")
_LATIN_WORD = re.compile("[0-9A-Za-zÀ-ÖØ-öø-ɏ']+")
# Letters of other languages in this script (Sindhi, Jawi, Kashmiri ...): none of ours.
_FOREIGN = re.compile(
    "[\u0672-\u0675\u067a\u067b\u067d\u067f\u0680\u0683\u0684\u0687\u068a\u068c-\u068f\u0699\u069d\u06a0\u06a6\u06b1\u06b3\u06b6\u06bb\u06bd\u06cf]"
)
_ARTICLE = re.compile("(?:^|(?<=[\\s«\"'(]))[وفبك]?(?:ال|لل)[\u0621-\u064a]{2,}")
_MEDIAL_MAQSURA = re.compile("\u0649(?=[\u0621-\u064a\u06d5])")
# Arabizi writes ع ح ء خ ط ق as 3 7 2 5 6 9 inside words; 3G, mp3, 2nd and covid19 are no words of it.
_DIGIT_WORD = re.compile(r"(?:[a-z]+[235679]+[a-z]+[a-z235679]*|[2379][a-z]{2,}|[a-z]{2,}[37])", re.IGNORECASE)
_ENGLISH_DIGIT_WORD = re.compile(
    r"(?:\d+(?:st|nd|rd|th|am|pm|km|kg|mm|cm|ml|gb|mb|tb|hz|fps|px|min|hrs?|bn|mn|ers?)|mp\d|covid\d+|[bgph]\d[a-z]?\d?|ps\d|web\d|[a-z]+\d)",
    re.IGNORECASE,
)

ARABIZI = "ar-Latn"
LATIN = "und-Latn"


class _Profile(NamedTuple):
    code: str
    own: str
    shared: str
    words: frozenset[str]


@cache
def _profiles() -> tuple[_Profile, ...]:
    return tuple(
        _Profile(code, own, shared, frozenset(words.split())) for code, own, shared, words in rows("languages.tsv")
    )


@cache
def _arabizi_words() -> frozenset[str]:
    return frozenset(word for (word,) in rows("arabizi.txt"))


def _occurrences(counts: Counter[str], letters: Iterable[str]) -> int:
    return sum([counts[letter] for letter in letters if letter in counts])


def _arabic_script(text: str, counts: Counter[str], letters: int) -> str | None:
    words = _WORD.findall(text)
    if _occurrences(counts, filter(_FOREIGN.match, counts)) * 50 > letters:
        return None
    scores = {}
    for profile in _profiles():
        own = _occurrences(counts, profile.own) / letters
        shared = _occurrences(counts, profile.shared) / letters
        known = sum(map(profile.words.__contains__, words)) / max(1, len(words))
        scores[profile.code] = 6 * own + shared + known
    scores["ar"] += 1.5 * len(_ARTICLE.findall(text)) / max(1, len(words))
    # Arabic ends words with it, Uyghur writes its most frequent vowel so.
    medial = len(_MEDIAL_MAQSURA.findall(text)) / letters
    scores["ug"] += 4 * medial
    scores["ar"] -= medial
    ranked = sorted(scores, key=lambda code: -scores[code])
    best, second = ranked[0], ranked[1]
    if scores[best] == 0:
        # Only letters that all of them use: two words without one Persian letter are Arabic, one word is anybody's.
        return "ar" if len(words) >= 2 and letters >= 6 else None
    alone = len(words) == 1 and best != "ar" and scores[best] < 1  # a word with گ may be of any of them
    if scores[best] - scores[second] < 0.02 or alone:
        return None
    return best


def _latin_script(text: str) -> str | None:
    words = [word.lower() for word in _LATIN_WORD.findall(text) if not word.isdigit()]
    if not words:
        return None
    with_digits = sum(bool(_DIGIT_WORD.fullmatch(word)) and not _ENGLISH_DIGIT_WORD.fullmatch(word) for word in words)
    known = sum(word in _arabizi_words() for word in words)
    if with_digits and (with_digits + known) * 5 >= len(words):
        return ARABIZI
    if known >= 2 and known * 3 >= len(words):
        return ARABIZI
    return LATIN if len(words) >= 2 else None


def detect_language(text: str) -> str | None:
    """The BCP 47 code of `text`: ar, fa, ur, ckb, ug, ps; "ar-Latn" for Arabic in Latin letters, "und-Latn" for any
    other text
    in Latin letters; None when there is too little to tell, or when it is another script or language.
    """
    head = text[:_HEAD]
    counts = Counter(head)
    letters = _occurrences(counts, filter(_LETTER.match, counts))
    arabic = _occurrences(counts, filter(_ARABIC.match, counts))
    if letters < 3:
        return None
    if arabic * 3 >= letters:
        return _arabic_script(head, counts, arabic)
    if _occurrences(counts, filter(_LATIN.match, counts)) * 2 > letters:
        return _latin_script(head)
    return None
