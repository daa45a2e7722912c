"""May these bytes be an Arabic page? Asked before anything is decoded or parsed, of each page of a large archive.

Counting bytes costs a fiftieth of extraction, and nine tenths of the pages in archives of the world's news are not
Arabic. No label is believed, neither `lang` nor a charset alone: one page in five says the wrong thing. A page in
doubt passes, for `detect_language` decides after extraction.
"""

from __future__ import annotations

import re

from newscrawl.arabic import as_utf8, detect_charset

#: So many Arabic letters make a page: the shortest story of the test pages has 450 with its menus, a Latin page that
#: carries a menu word or names its languages a few dozen.
FEWEST_LETTERS = 120
#: In UTF-8 every second high byte of an Arabic page is such a lead; in windows-1256 the same bytes are ط and ظ, 1 %.
_LEAST_OF_HIGH = 0.1
# The UTF-8 lead bytes of U+0600-U+067F, Arabic proper, and of U+0680-U+06FF, the letters of its neighbours.
_NOT_ARABIC_LEADS = bytes(set(range(256)) - {0xD8, 0xD9})
_NOT_OTHER_LEADS = bytes(set(range(256)) - {0xDA, 0xDB})
_NOT_HIGH = bytes(range(0x80))
# پ and ٹ lie among the Arabic letters; the digits of Persian and Urdu among the others.
_PEH_TTEH = (b"\xd9\xbe", b"\xd9\xb9")
_DIGITS = tuple(bytes((0xDB, second)) for second in range(0xB0, 0xBA))
# أ إ ة, which Persian, Urdu, Kurdish and Pashto write only in loans.
_ARABIC_ALONE = (b"\xd8\xa3", b"\xd8\xa5", b"\xd8\xa9")
#: Above this share of letters, the neighbours' own ones are no names or loans: Persian and Urdu news have 12 to 20 %.
_MOST_OF_OTHERS = 0.06
#: At least this share of أ إ ة has Arabic that is typed on a Persian keyboard (6 to 8 %); Persian has under 1 %.
_LEAST_OF_ARABIC = 0.025
# Letters as numbers (&#1575; &#x627;) and as JavaScript writes them (\u0627).
_REFERENCES = (b"&#15", b"&#16", b"&#x6", b"&#x06", b"&#X6", b"&#X06")
_REFERENCE, _ESCAPE = b"&#", b"\\u06"
# The Arabic article in UTF-8 that was read as windows-1252 and written as UTF-8 again; one letter in twenty begins one.
_ARTICLE_TWICE_ENCODED, _LETTERS_PER_ARTICLE = b"\xc3\x98\xc2\xa7\xc3\x99", 20
_CODECS_OF_ARABIC = frozenset({"cp1256", "iso8859-6", "mac-arabic"})
_LABEL = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_HEAD = 4096


def may_be_arabic(body: bytes, content_type: str = "") -> bool:
    """Whether a page's bytes (content coding undone) may hold Arabic text; Persian, Urdu and Kurdish are told apart.

    `content_type` is the header's value, whose charset helps where the bytes are in no Unicode.
    """
    if body.isascii():
        return _has_numbered_letters(body)
    if b"\0" in body[:_HEAD]:  # UTF-16 or UTF-32, or no page
        body = as_utf8(body, _label(body, content_type))[0]
    letters = len(body.translate(None, _NOT_ARABIC_LEADS))
    high = len(body.translate(None, _NOT_HIGH))
    if letters >= FEWEST_LETTERS and letters >= _LEAST_OF_HIGH * high and _is_not_of_neighbours(body, letters):
        return True
    if _has_numbered_letters(body):
        return True
    if high < FEWEST_LETTERS or letters >= _LEAST_OF_HIGH * high:
        return False
    if body.count(_ARTICLE_TWICE_ENCODED) * _LETTERS_PER_ARTICLE >= FEWEST_LETTERS:
        return True
    return detect_charset(body, _label(body, content_type)) in _CODECS_OF_ARABIC


def _has_numbered_letters(body: bytes) -> bool:
    if body.count(_ESCAPE) >= FEWEST_LETTERS:
        return True
    return body.count(_REFERENCE) >= FEWEST_LETTERS and sum(map(body.count, _REFERENCES)) >= FEWEST_LETTERS


def _is_not_of_neighbours(body: bytes, letters: int) -> bool:
    others = len(body.translate(None, _NOT_OTHER_LEADS))
    bound = _MOST_OF_OTHERS * (letters + others)
    # The exact counts cost more than the rest, and few pages are near the bound.
    if others + sum(map(body.count, _PEH_TTEH)) <= bound:
        return True
    if others - sum(map(body.count, _DIGITS)) + sum(map(body.count, _PEH_TTEH)) <= bound:
        return True
    return sum(map(body.count, _ARABIC_ALONE)) >= _LEAST_OF_ARABIC * letters


def _label(body: bytes, content_type: str) -> str | None:
    found = _LABEL.search(content_type.encode("ascii", "replace")) or _LABEL.search(body, 0, _HEAD)
    return found[1].decode("ascii") if found else None
