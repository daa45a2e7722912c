"""Match folding: two spellings of one text become one string, for comparing and searching, never for showing."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from newscrawl.arabic.clean import clean
from newscrawl.arabic.mojibake import repair_mojibake

#: Stored beside every key that was made from fold(): a change here changes all keys.
FOLD_VERSION = 1
_SHORT = 120

# Honorific ligatures come and go between copies of one story.
_HONORIFICS = "\ufdfa\ufdfb\ufdfd"
_MARKS = "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08d3-\u08e1\u08e3-\u08ff"
_DROPPED = f"{_MARKS}\u0640\u200c\u200d"
_LETTERS = {
    "أإآٱ\u0672\u0673\u0675": "ا",
    "ىیېےۍ": "ي",
    "ةہۀەھ": "ه",
    "کڪ": "ك",
}
_DIGITS = {f"{chr(0x660 + i)}{chr(0x6F0 + i)}": str(i) for i in range(10)}
_REPLACED = tuple((char, base) for chars, base in {**_LETTERS, **_DIGITS}.items() for char in chars)

_DROP = re.compile(f"[{_DROPPED}]")
_HONORIFIC = re.compile(f"[{_HONORIFICS}]")
_NOT_WORD = re.compile(r"[\W_]+")

# Plain text is nearly all news text, and str.replace is several times as fast on it as any regular expression.
_PLAIN_MARKS = "\u0640\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670"
_PLAIN_SIGNS = "!\"#$%'()*+,-./:;<=>?@[\\]^_`{|}~«»،؛؟٪٫٬–—‘’“”…•"
_PLAIN_LETTERS = "0-9A-Za-z٠-٩۰-۹ء-غف-يپچڤگژی"
_NOT_PLAIN = re.compile(f"[^\t\n\r \xa0{_PLAIN_LETTERS}{_PLAIN_MARKS}{re.escape(_PLAIN_SIGNS)}]")
_PLAIN_REPLACED = (*((mark, "") for mark in _PLAIN_MARKS), *((sign, " ") for sign in _PLAIN_SIGNS), *_REPLACED)


def _replace(text: str, table: tuple[tuple[str, str], ...]) -> str:
    for char, base in table:
        if char in text:
            text = text.replace(char, base)
    return text


def _fold_plain(text: str) -> str:
    return " ".join(_replace(text, _PLAIN_REPLACED).lower().split())


def _fold_any(text: str) -> str:
    text = _DROP.sub("", unicodedata.normalize("NFKC", _HONORIFIC.sub("", text)))
    return _NOT_WORD.sub(" ", _replace(text, _REPLACED).casefold()).strip()


def _is_plain(text: str) -> bool:
    return not _NOT_PLAIN.search(text) and repair_mojibake(text) is text


def fold(text: str) -> str:
    """The key of `text`: cleaned, compatibility forms, marks, tatweel and joiners gone, alef, yeh, heh and kaf
    variants one,
    ASCII digits, case folded, everything but letters and digits one space. fold(clean(x)) == fold(x); idempotent.
    """
    return _fold_short(text) if len(text) <= _SHORT else _fold(text)


def _fold(text: str) -> str:
    if _is_plain(text):
        return _fold_plain(text)
    text = clean(text)
    if _is_plain(text):
        return _fold_plain(text)
    current = _fold_any(text)
    # Deleting a mark can bring two letters together that compose, and case folding can undo NFKC.
    while (again := _fold_any(current)) != current:
        current = again
    return current


# Names, headlines and boilerplate lines come up again and again, on one page and on the next of the same site.
_fold_short = lru_cache(maxsize=16384)(_fold)
