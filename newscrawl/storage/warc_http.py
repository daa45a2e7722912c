"""The HTTP of archived responses, read as leniently as archives need it."""

from __future__ import annotations

import re
from datetime import UTC, datetime

#: Status line and headers; servers send a few KiB, and FastWARC's own limit is the same.
MAX_HEAD = 32 << 10
#: Where a head ends; some recorders write bare line feeds.
HEAD_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(rb"\s*HTTP/\d(?:\.\d)?\s+(\d{3})(?!\d)")
_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)")
_SIZE = re.compile(rb"[0-9A-Fa-f]{1,8}(?=[ \t]*(?:;[^\r\n]*)?\r?\n)")
# What bytes that are still packed begin with (RFC 1952, RFC 8878); brotli and deflate begin with anything.
_PACKED = {b"gzip": b"\x1f\x8b", b"zstd": b"\x28\xb5\x2f\xfd"}
_ALIASES = {b"x-gzip": b"gzip", b"zstandard": b"zstd"}
# Types whose bytes are never of themselves what _PACKED begins with.
_TEXTS = re.compile(rb"text/|xml|json|javascript", re.IGNORECASE)
# Bytes that text does not hold; packed bytes hold several of them among the first few hundred.
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_LOOKED_AT = 512

Headers = list[tuple[bytes, bytes]]


def read_http(block: bytes) -> tuple[int, Headers, bytes] | None:
    """Status, headers and body of a response; None where the block holds no HTTP.

    The body is without its chunks, and headers that do not hold are gone: Transfer-Encoding, and a Content-Encoding
    that a recorder kept of a body which it unpacked, or lost of one that is still packed.
    """
    end = HEAD_END.search(block, 0, MAX_HEAD)
    status = _STATUS.match(block)
    if end is None or status is None:
        return None
    headers, chunked = _headers(block[: end.start()])
    body = block[end.end() :]
    if chunked:
        body = _unchunked(body)
    said = _said(headers, b"content-encoding")
    true = _encodings(said, body[:_LOOKED_AT], is_text=_TEXTS.search(b" ".join(_said(headers, b"content-type"))))
    if true != said:
        headers = [(name, value) for name, value in headers if name.lower() != b"content-encoding"]
        headers += [(b"Content-Encoding", b", ".join(true))] if true else []
    return int(status[1]), headers, body


def _said(headers: Headers, called: bytes) -> list[bytes]:
    """The values of a header that may have several, in small letters."""
    written = b",".join(value for name, value in headers if name.lower() == called)
    return [value.strip() for value in written.lower().split(b",") if value.strip()]


def _encodings(said: list[bytes], head: bytes, *, is_text: object) -> list[bytes]:
    """What a body that begins so is packed in, the outermost last; as it is said where the bytes do not tell."""
    packed = next((name for name, mark in _PACKED.items() if head.startswith(mark)), None)
    if packed is not None:
        last = _ALIASES.get(said[-1], said[-1]) if said else None
        return said if last == packed or not (said or is_text) else [packed]
    may_be_packed = said and _ALIASES.get(said[-1], said[-1]) not in _PACKED
    return said if may_be_packed and _NOT_TEXT.search(head) else []


def _headers(head: bytes) -> tuple[Headers, bool]:
    """The headers below the status line, and whether they call the body chunked (a header that no longer holds)."""
    headers: Headers = []
    chunked = False
    for line in head.split(b"\n")[1:]:
        if line[:1] in (b" ", b"\t") and headers:  # a folded line goes on with the one before
            headers[-1] = (headers[-1][0], headers[-1][1] + b" " + line.strip())
            continue
        name, colon, value = line.partition(b":")
        name = name.strip()
        if not colon or not name:
            continue
        if name.lower() == b"transfer-encoding":
            chunked = b"chunked" in value.lower()
        else:
            headers.append((name, value.strip()))
    return headers, chunked


def _unchunked(body: bytes) -> bytes:
    """The body without its chunks' sizes; as it is when it has none, up to the first broken one otherwise."""
    parts: list[bytes] = []
    at = 0
    while size := _SIZE.match(body, at):
        length = int(size[0], 16)
        start = body.find(b"\n", size.end()) + 1
        if length == 0:
            break
        parts.append(body[start : start + length])
        at = start + length
        at += 2 if body[at : at + 2] == b"\r\n" else 1 if body[at : at + 1] == b"\n" else 0
    return b"".join(parts) if parts else body


def read_moment(text: str) -> datetime | None:
    """A WARC-Date in UTC, also as old converters write it (20261120100000); None for what is none."""
    text = text.strip()
    if stamp := _STAMP.fullmatch(text):
        text = f"{'-'.join(stamp.groups()[:3])}T{':'.join(stamp.groups()[3:])}Z"
    try:
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
