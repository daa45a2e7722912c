"""Text that was decoded with the wrong codec, put right without the bytes.

Three damages happen on Arabic pages: UTF-8 read as cp1252, UTF-8 read as cp1256, cp1256 read as cp1252. Each has a
guard
that normal text does not meet and a decoding that proves itself; text that fits none comes back unchanged.
"""

from __future__ import annotations

import re

_ARABIC = re.compile("[\u0621-\u064a\u067e\u0686\u0698\u06a9\u06af\u06cc]")
_LATIN1_PAIR = re.compile("[ÂÃØÙÚÛ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
# The cp1256 pictures of UTF-8 trail bytes that are signs: every real text has some (alef ends in A7, lam in 84),
# folded text none.
_CP1256_TRAIL = re.compile("[ØÙطظ][„†‡…‰‚§¨©®¯±·]")
_LETTER = re.compile(r"[^\W\d_]")
_LATIN1_LETTER = re.compile("[À-ÖØ-öø-ÿ]")
_LATIN1_CAPITAL = re.compile("[À-ÖØ-Þ]")

_MIN_PAIRS = 2
_TAH_ZAH_SHARE = 0.25
_SHORT = 40


def _to_byte(codec: str) -> dict[int, int]:
    """Code point -> byte; bytes that the codec leaves undefined pass through as U+0080-U+009F."""
    table = {}
    for byte in range(256):
        char = bytes([byte]).decode(codec, "ignore") or chr(byte)
        table[ord(char)] = byte
    return table


def _encode(text: str, codec: str) -> bytes | None:
    """The bytes that gave `text` under `codec`, or None when a character cannot come from it."""
    try:
        return text.encode(codec)
    except UnicodeEncodeError:
        table = _to_byte(codec)
    if codec == "cp1252":
        table.update({byte: byte for byte in range(0x80, 0x100)})
    try:
        return bytes([table[ord(char)] for char in text])
    except KeyError:
        return None


def _decode(data: bytes | None, codec: str) -> str | None:
    if data is None:
        return None
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _utf8_as_cp1252(text: str) -> str | None:
    """The Arabic text behind `Ø§Ù„`, or None."""
    if "Ø" not in text and "Ù" not in text and "Ã" not in text:
        return None
    pairs = len(_LATIN1_PAIR.findall(text))
    if pairs < _MIN_PAIRS or pairs * 4 < len(_LETTER.findall(text)):
        return None
    return _decode(_encode(text, "cp1252"), "utf-8")


def _utf8_as_cp1256(text: str) -> str | None:
    """The Arabic text behind `ط§ظ„`, or None."""
    suspects = text.count("ط") + text.count("ظ")
    if suspects * 8 < len(text) or not _CP1256_TRAIL.search(text):
        return None
    if suspects <= _TAH_ZAH_SHARE * len(_LETTER.findall(text)):
        return None
    return _decode(_encode(text, "cp1256"), "utf-8")


def _cp1256_as_cp1252(text: str) -> str | None:
    """The Arabic text behind `ÇáÚÑÈíÉ`, or None."""
    if text.isascii() or _ARABIC.search(text) or not _LATIN1_CAPITAL.search(text):
        return None
    accented = len(_LATIN1_LETTER.findall(text))
    if accented < 4 or accented * 2 < len(_LETTER.findall(text)):
        return None
    repaired = _decode(_encode(text, "cp1252"), "cp1256")
    if repaired is None:
        return None
    letters = len(_LETTER.findall(repaired))
    arabic = len(_ARABIC.findall(repaired))
    if arabic <= 0.8 * letters or ("ال" not in repaired and len(repaired) > _SHORT):
        return None
    return repaired


def repair_mojibake(text: str) -> str:
    """`text` with one level of wrong decoding undone, or unchanged when no guard fires."""
    for repair in (_utf8_as_cp1252, _utf8_as_cp1256, _cp1256_as_cp1252):
        repaired = repair(text)
        if repaired is not None and repaired != text:
            return repaired
    return text
