"""Match folding: two spellings of one text become one string, for comparing and searching, never for showing."""

from __future__ import annotations

import re
import unicodedata

from newscrawl.arabic.clean import clean

#: Stored beside every key that was made from fold(): a change here changes all keys.
FOLD_VERSION = 1

# Honorific ligatures come and go between copies of one story.
_HONORIFICS = "\ufdfa\ufdfb\ufdfd"
_DROPPED = (
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08d3-\u08e1\u08e3-\u08ff\u0640\u200c\u200d"
)
_LETTERS = {
    "أإآٱ\u0672\u0673\u0675": "ا",
    "ىیېےۍ": "ي",
    "ةہۀەھ": "ه",
    "کڪ": "ك",
}
_DIGITS = {f"{chr(0x660 + i)}{chr(0x6F0 + i)}": str(i) for i in range(10)}
_REPLACED = tuple((char, base) for chars, base in {**_LETTERS, **_DIGITS}.items() for char in chars)

_DROP = re.compile(f"[{_DROPPED}]+")
_HONORIFIC = re.compile(f"[{_HONORIFICS}]")
_PUNCTUATION = re.compile(r"[\W_]+")
# Letters whose NFKC and case folding are known to stay inside the set; anything else takes the slow, general way.
_PLAIN = re.compile("[^\t\n -~«»،؛؟٪٫٬ء-ي٠-٩۰-۹\u064b-\u0652\u0670–—‘’“”پچڤگژی]")


def _letters(text: str) -> str:
    text = _DROP.sub("", text)
    for char, base in _REPLACED:
        if char in text:
            text = text.replace(char, base)
    return text


def _general(text: str) -> str:
    text = unicodedata.normalize("NFKC", _HONORIFIC.sub("", text))
    return _PUNCTUATION.sub(" ", _letters(text).casefold()).strip()


def fold(text: str) -> str:
    """The key of `text`: cleaned, compatibility forms, marks, tatweel and joiners gone, alef, yeh, heh and kaf variants one,
    ASCII digits, case folded, everything but letters and digits one space. fold(clean(x)) == fold(x); idempotent.
    """
    text = clean(text)
    if not _PLAIN.search(text):
        return _PUNCTUATION.sub(" ", _letters(text).lower()).strip()
    current = _general(text)
    # Deleting a mark can bring two letters together that compose, and case folding can undo NFKC.
    while (again := _general(current)) != current:
        current = again
    return current
