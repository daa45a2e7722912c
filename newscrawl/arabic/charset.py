"""Which codec a page is in: the bytes decide, the label helps only where they cannot.

Labels on Arabic pages are often wrong (windows-1256 over UTF-8, utf-8 over windows-1256, iso-8859-6 over windows-1256).
"""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: UTF-8 stays UTF-8 with one bad sequence in this many multibyte characters' surplus bytes.
_BAD_SHARE = 50
#: The Arabic article, as bytes of each codec.
_ARTICLE = {"cp1256": b"\xc7\xe1", "iso8859-6": b"\xc7\xe4"}
# Half a character as CESU-8 writes it (Unicode Technical Report 26): meant as UTF-8, and good for nothing else.
_HALF = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
#: Bytes in which every second one is NUL where ASCII is written in UTF-16.
_WIDE_HEAD = 32
_NOT_HIGH = bytes(range(0x80))
# Codecs of Python's own that no page is in; some of them cannot replace what they cannot read.
_NOT_OF_THE_WEB = frozenset({"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "utf-7"})
# What cp1256 uses for Arabic letters, marks and punctuation.
_CP1256_LETTERS = bytes(
    [
        0x81,
        0x8D,
        0x8E,
        0x90,
        0x98,
        0xA1,
        0xBA,
        0xBF,
        *range(0xC0, 0xD7),
        *range(0xD8, 0xE0),
        0xE1,
        *range(0xE3, 0xE7),
        0xEC,
        0xED,
        *range(0xF0, 0xF4),
        0xF5,
        0xF6,
        0xF8,
        0xFA,
    ]
)


def _codec(label: str | None) -> str | None:
    """Python's name of a declared label, as browsers read it; None for unknown and for binary codecs."""
    if not label:
        return None
    try:
        info = codecs.lookup(label.strip().strip("\"'"))
    except (LookupError, ValueError):  # ValueError: a NUL inside the label
        return None
    if not info._is_text_encoding or info.name in _NOT_OF_THE_WEB:
        return None
    # The web says iso-8859-1 and ascii where it means windows-1252 (WHATWG Encoding).
    return "cp1252" if info.name in {"iso8859-1", "ascii"} else info.name


def _wide_codec(body: bytes) -> str | None:
    """UTF-16 or UTF-32 without a byte order mark, as markup or an address begins in it; None for anything else."""
    head = body[:_WIDE_HEAD]
    if b"\0" not in head or len(head) < 4:
        return None
    if head[0] and not any(head[1:4]):
        return "utf-32-le"
    if head[3] and not any(head[:3]):
        return "utf-32-be"
    first, second = head[0::2].count(0), head[1::2].count(0)
    if 2 * max(first, second) <= len(head) // 2 or min(first, second):
        return None
    return "utf-16-le" if second else "utf-16-be"


def _is_utf8(body: bytes) -> bool:
    """Strictly, but for a last letter that a size limit cut."""
    try:
        used = codecs.utf_8_decode(body, "strict", False)[1]
    except UnicodeDecodeError:
        return False
    return used == len(body) or not body[:used].isascii()


def _is_mostly_utf8(body: bytes) -> bool:
    body = _HALF.sub(b"", body)
    text = body.decode("utf-8", "replace")
    bad = text.count("\ufffd") - body.count(b"\xef\xbf\xbd")
    return bad * _BAD_SHARE <= len(body) - len(text)


def marked_text(body: bytes) -> str:
    """Plain text in UTF-8, or in UTF-16 where it begins with its mark, as what Windows calls Unicode does."""
    is_wide = body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return body.decode("utf-16" if is_wide else "utf-8-sig", "replace")


def detect_charset(body: bytes, declared: str | None = None) -> str:
    """Python's codec name for `body`; `declared` is the label of the header or the meta element, if any."""
    for bom, name in _BOMS:
        if body.startswith(bom):
            return name
    if wide := _wide_codec(body):
        return wide
    label = _codec(declared)
    if label and label.startswith(("utf-16", "utf-32")) and b"\0" in body[:64]:
        return label
    if _is_utf8(body) or _is_mostly_utf8(body):
        return "utf-8"
    high = body.translate(None, _NOT_HIGH)
    counts = {name: body.count(article) for name, article in _ARTICLE.items()}
    best = max(counts, key=lambda name: counts[name])
    if counts[best] >= max(2, len(high) / 400):
        return best
    if label and label not in {"utf-8", "iso8859-6"}:
        return label
    arabic = len(high) - len(high.translate(None, _CP1256_LETTERS))
    return "cp1256" if arabic > 0.6 * len(high) else "cp1252"


def as_utf8(body: bytes, declared: str | None = None) -> tuple[bytes, str]:
    """`body` in UTF-8, as decode() reads it, and the codec that it came in; good UTF-8 passes without a copy."""
    # A NUL says UTF-16 or UTF-32 where the label does, too; what is good UTF-8 without one can be nothing else.
    if b"\0" not in body and not body.startswith(codecs.BOM_UTF8):
        try:
            body.decode()
        except UnicodeDecodeError:
            pass
        else:
            return body, "utf-8"
    text, codec = decode(body, declared)
    return text.encode("utf-8", "replace"), codec


def decode(body: bytes, declared: str | None = None) -> tuple[str, str]:
    """The text of `body` and the codec that it was read with; undecodable bytes become U+FFFD, a byte order mark
    goes."""
    codec = detect_charset(body, declared)
    return body.decode(codec, "replace").removeprefix("\ufeff"), codec
