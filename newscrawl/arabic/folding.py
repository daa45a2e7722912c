"""Match folding: two spellings of one text become one string, for comparing and searching, never for showing."""

from __future__ import annotations

import re
import unicodedata
from codecs import charmap_build, charmap_decode, charmap_encode
from functools import lru_cache
from string import ascii_letters, digits

from newscrawl.arabic.cleaning import clean
from newscrawl.arabic.mojibake import repair_mojibake

#: Stored beside every key that was made from fold(): a change here changes all keys.
FOLD_VERSION = 1
_SHORT = 120

# HONORIFICS and DROPPED (classes of regular expressions) and REPLACED are also said in SQL, by browse/duck.py.
# Honorific ligatures come and go between copies of one story.
HONORIFICS = "\ufdfa\ufdfb\ufdfd"
_MARKS = "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08d3-\u08e1\u08e3-\u08ff"
DROPPED = f"{_MARKS}\u0640\u200c\u200d"
_LETTERS = {
    "أإآٱ\u0672\u0673\u0675": "ا",
    "ىیېےۍ": "ي",
    "ةہۀەھ": "ه",
    "کڪ": "ك",
}
_DIGITS = {f"{chr(0x660 + i)}{chr(0x6F0 + i)}": str(i) for i in range(10)}
REPLACED = tuple((char, base) for chars, base in {**_LETTERS, **_DIGITS}.items() for char in chars)

_DROP = re.compile(f"[{DROPPED}]")
_HONORIFIC = re.compile(f"[{HONORIFICS}]")
_NOT_WORD = re.compile(r"[\W_]+")

# Plain text is nearly all news text. It has fewer than 256 different characters, so it is folded as bytes: each step is
# one loop of the interpreter's own over an array.
_PLAIN_MARKS = "\u0640\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670"
_PLAIN_SIGNS = "!\"#$%'()*+,-./:;<=>?@[\\]^_`{|}~«»،؛؟٪٫٬–—‘’“”…•"
_PLAIN_LETTERS = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيپچڤگژی"
_PLAIN = f"\t\n\r \xa0{ascii_letters}{digits}{''.join(_DIGITS)}{_PLAIN_LETTERS}{_PLAIN_MARKS}{_PLAIN_SIGNS}"
_NOT_PLAIN = "\ufffe"


def _replace(text: str) -> str:
    for char, base in REPLACED:
        if char in text:
            text = text.replace(char, base)
    return text


def _code_page() -> str:
    """The character of every byte: ASCII in its own place, the other plain ones above, the rest no plain character.

    NUL, which is none either, has to stand first: a code page without it is encoded by way of a slow dict.
    """
    ascii_part = [chr(byte) if chr(byte) in f"\0{_PLAIN}" else _NOT_PLAIN for byte in range(128)]
    others = [char for char in _PLAIN if not char.isascii()]
    return "".join((*ascii_part, *others)).ljust(256, _NOT_PLAIN)


def _folded_bytes() -> bytes:
    """What every byte of the code page folds to, as bytes.translate wants it; marks are deleted before."""
    folded = (" " if char in _PLAIN_SIGNS or char.isspace() else _replace(char).lower() for char in _CODE_PAGE)
    return bytes(byte if char == _NOT_PLAIN else _CODE_PAGE.index(char) for byte, char in enumerate(folded))


_CODE_PAGE = _code_page()
_ENCODING = charmap_build(_CODE_PAGE)
_FOLDED = _folded_bytes()
_DELETED = charmap_encode(_PLAIN_MARKS, "strict", _ENCODING)[0]
# Where UTF-8 was read as cp1256, these pairs are the only sign of it that plain text can have.
_MOJIBAKE = tuple(charmap_encode(pair, "strict", _ENCODING)[0] for pair in ("ط…", "ظ…"))


def _fold_plain(text: str) -> str | None:
    """The key of a text of plain characters alone, None for any other."""
    try:
        encoded = charmap_encode(text, "strict", _ENCODING)[0]
    except UnicodeEncodeError:
        return None
    if b"\0" in encoded or (any(pair in encoded for pair in _MOJIBAKE) and repair_mojibake(text) is not text):
        return None
    return charmap_decode(b" ".join(encoded.translate(_FOLDED, _DELETED).split()), "strict", _CODE_PAGE)[0]


def _fold_any(text: str) -> str:
    text = _DROP.sub("", unicodedata.normalize("NFKC", _HONORIFIC.sub("", text)))
    return _NOT_WORD.sub(" ", _replace(text).casefold()).strip()


def fold(text: str) -> str:
    """The key of `text`: cleaned, compatibility forms, marks, tatweel and joiners gone, alef, yeh, heh and kaf
    variants one,
    ASCII digits, case folded, everything but letters and digits one space. fold(clean(x)) == fold(x); idempotent.
    """
    return _fold_short(text) if len(text) <= _SHORT else _fold(text)


def _fold(text: str) -> str:
    plain = _fold_plain(text)
    if plain is None:
        text = clean(text)
        plain = _fold_plain(text)
    if plain is not None:
        return plain
    current = _fold_any(text)
    # Deleting a mark can bring two letters together that compose, and case folding can undo NFKC.
    while (again := _fold_any(current)) != current:
        current = again
    return current


# Names, headlines and boilerplate lines come up again and again, on one page and on the next of the same site.
_fold_short = lru_cache(maxsize=16384)(_fold)
