"""Where the records of WARC files begin, the compressed ones and those behind damage."""

from __future__ import annotations

import gzip
import io
import mmap
import re
import zlib

from newscrawl.storage.warc_http import HEAD_END, MAX_HEAD

#: The first bytes of a gzip member.
GZIP = b"\x1f\x8b\x08"
#: The line of a record's head that says how many bytes follow it.
LENGTH = re.compile(rb"(?im)^content-length:[ \t]*(\d{1,15})[ \t]*\r?$")
_WARC = b"WARC/"
_PROBE = 4096  # compressed bytes that surely hold the five of _WARC
_COPY = 1 << 18
_PADDING = 16  # two line ends are the rule between records; some writers put more


def next_record(stream: io.BufferedReader | gzip.GzipFile, at: int) -> int | None:
    """Where the next record that can be read begins, from an offset on."""
    if isinstance(stream, gzip.GzipFile):
        return None  # behind damage in a single stream nothing can be unpacked
    with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data[: len(GZIP)] != GZIP and data.find(GZIP) < 0:
            return _next_head(data, at)
        return next_member(data, at)


def next_member(data: mmap.mmap, at: int) -> int | None:
    """Where the next gzip member begins that holds a record, from an offset on."""
    while (at := data.find(GZIP, at)) >= 0:
        if _begins_record(data[at : at + _PROBE]):
            return at
        at += 1
    return None


def _next_head(data: mmap.mmap, at: int) -> int | None:
    """Where the next head begins that has an end: of many beginnings before one end only the last can be its own."""
    mark = b"\n" + _WARC + b"1."
    while (begin := data.find(mark, at)) >= 0 and (end := HEAD_END.search(data, begin + 1)) is not None:
        begin = data.rfind(mark, begin, end.start())
        if end.start() - begin <= MAX_HEAD:
            return begin + 1
        at = end.end()
    return None


def _begins_record(packed: bytes) -> bool:
    """Whether the first bytes of a gzip member hold the beginning of a record."""
    try:
        return zlib.decompressobj(zlib.MAX_WBITS + 16).decompress(packed, len(_WARC)) == _WARC
    except zlib.error:
        return False


def is_one_stream(file: io.BufferedReader) -> bool:
    """Whether a gzip file is one member with many records, as `gzip` makes of a plain one; rewinds the file."""
    file.seek(0)
    member = zlib.decompressobj(zlib.MAX_WBITS + 16)
    head, count, first = b"", 0, None
    data = b""
    try:
        while not member.eof and (data := member.unconsumed_tail or file.read(_COPY)):
            text = member.decompress(data, _COPY)
            count += len(text)
            if first is None:
                head += text
                if (found := HEAD_END.search(head)) is not None:
                    length = LENGTH.search(head, 0, found.end())
                    if not head.startswith(_WARC) or length is None:
                        return False
                    first = found.end() + int(length[1])
                elif len(head) > MAX_HEAD:
                    return False
            if first is not None and count > first + _PADDING:
                return True
        return False
    except zlib.error:
        return False
    finally:
        file.seek(0)
