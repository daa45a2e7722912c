"""The characters of a listing: unpacked, decoded piece by piece, and references to characters resolved.

Half characters (UTF-16 surrogates, as old systems write an emoji: "&#55357;&#56832;" or six bytes of CESU-8) are put
together; a half without its other half is left out, because no UTF-8 can hold it.
"""

from __future__ import annotations

import codecs
import gzip
import html
import io
import re
import zlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

from newscrawl.arabic import detect_charset

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_Stream: TypeAlias = "io.BufferedReader[Any] | gzip.GzipFile"
_GZIP = b"\x1f\x8b"
# The usual heads of zlib's format (RFC 1950), which "deflate" means; a server may send it without a word.
_ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
# A sitemap that was compressed by the program and again by the server is two deep; what is deeper is a trap.
_MOST_WRAPPINGS = 3
_PIECE = 1 << 17
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}["']([A-Za-z0-9._-]{1,40})["']""")
_HEAD = 4096
# Characters that XML 1.0 forbids (section 2.2), but for the half characters, which are put together later.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_REFERENCE = re.compile(r"&(?:#(\d{1,7}|[xX][0-9A-Fa-f]{1,6})|[A-Za-z][A-Za-z0-9]{1,31});")
_HALVES = re.compile("[\ud800-\udfff]+")
_LARGEST = 0x10FFFF


def pieces(body: bytes, limit: int, broken: Callable[[str], None], charset: str | None = None) -> Iterator[str]:
    """The text of a listing, `limit` bytes of it at most, whatever it is packed or encoded in.

    `charset` is what the HTTP header declares. `broken` is told "too-large" when the limit cut the document off and
    "broken-off" when a compressed stream ends too early; what came before is given.
    """
    stream = _unpacked(body)
    left = limit
    decoder: codecs.IncrementalDecoder | None = None
    plain = codecs.getincrementaldecoder("ascii")()
    while True:
        try:
            # read1, because read throws away what it has when the stream breaks off.
            data = stream.read1(min(_PIECE, left))
        except (EOFError, OSError, zlib.error):
            broken("broken-off")
            break
        if not data:
            if not left and _goes_on(stream):
                broken("too-large")
            break
        left -= len(data)
        if decoder is None:
            if left + len(data) == limit and (match := _DECLARED.search(data[:_HEAD])):
                charset = match[1].decode("ascii")
            if data.isascii() and b"\0" not in data:
                yield _FORBIDDEN.sub("", plain.decode(data))
                continue
            codec = detect_charset(data, charset)
            errors = "newscrawl-halves" if codec == "utf-8" else "replace"
            decoder = codecs.getincrementaldecoder(codec)(errors)
        yield _FORBIDDEN.sub("", decoder.decode(data)).removeprefix("\ufeff")
    if decoder is not None and (rest := decoder.decode(b"", final=True)):
        yield rest


def _unpacked(body: bytes) -> _Stream:
    # A script may print a blank line, a byte order mark or a warning before what it packs.
    at = body.find(_GZIP + b"\x08", 0, _HEAD)
    stream: _Stream = io.BufferedReader(io.BytesIO(body[at:] if at > 0 and b"\0" not in body[:at] else body))
    for _ in range(_MOST_WRAPPINGS):
        try:
            head = stream.peek(2)[:2]
        except (EOFError, OSError, zlib.error):
            break
        if head == _GZIP:
            stream = gzip.GzipFile(fileobj=stream, mode="rb")
        elif head in _ZLIB:
            stream = io.BufferedReader(_Inflated(stream))
        else:
            break
    return stream


class _Inflated(io.RawIOBase):
    """What a stream in zlib's format holds."""

    def __init__(self, packed: _Stream) -> None:
        self._packed = packed
        self._inflate = zlib.decompressobj()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """As `io.RawIOBase`; zlib.error for what is none, EOFError where it breaks off."""
        view = memoryview(buffer)
        while not self._inflate.eof:
            held = self._inflate.unconsumed_tail
            packed = held or self._packed.read1(_PIECE)
            found = self._inflate.decompress(packed, len(view))
            if found:
                view[: len(found)] = found
                return len(found)
            if not packed:
                raise EOFError("the stream ended before its mark")
        return 0


def _goes_on(stream: _Stream) -> bool:
    try:
        return bool(stream.read1(1))
    except (EOFError, OSError, zlib.error):
        return False


def _half(error: UnicodeError) -> tuple[str, int]:
    """What stands for undecodable UTF-8: the half character that three bytes of CESU-8 spell, or U+FFFD."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    three = error.object[error.start : error.start + 3]
    if len(three) == 3 and three[0] == 0xED and 0xA0 <= three[1] <= 0xBF and 0x80 <= three[2] <= 0xBF:
        return three.decode("utf-8", "surrogatepass"), error.start + 3
    return "\ufffd", error.end


codecs.register_error("newscrawl-halves", _half)


def whole(text: str) -> str:
    """`text` with its half characters put together, without lone halves and what XML forbids."""
    if _HALVES.search(text):
        text = _HALVES.sub(
            lambda found: found[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore"), text
        )
    return _FORBIDDEN.sub("", text)


def _character(match: re.Match[str]) -> str:
    number = match[1]
    if number is None:
        return html.unescape(match[0])
    code = int(number[1:], 16) if number[0] in "xX" else int(number)
    if 0xD800 <= code <= 0xDFFF:
        return chr(code)
    return html.unescape(match[0]) if 0 < code <= _LARGEST else ""


def unescaped(text: str) -> str:
    """`text` with its references to characters resolved, as HTML names them; a bare ampersand stays.

    Only what ends with a semicolon is a reference: in an address, "&copy=1" is a parameter. Half characters come out as
    they are: `whole` puts them together.
    """
    return _REFERENCE.sub(_character, text) if "&" in text else text
