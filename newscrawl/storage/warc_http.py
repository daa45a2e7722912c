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
_TEXT = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*[<{\[]")

Headers = list[tuple[bytes, bytes]]


def read_http(block: bytes) -> tuple[int, Headers, bytes] | None:
    """Status, headers and body of a response; None where the block holds no HTTP.

    The body is without its chunks, and headers that no longer hold are gone: Transfer-Encoding, and a
    Content-Encoding that a recorder kept of a body which it unpacked.
    """
    end = HEAD_END.search(block, 0, MAX_HEAD)
    status = _STATUS.match(block)
    if end is None or status is None:
        return None
    headers, chunked = _headers(block[: end.start()])
    body = block[end.end() :]
    if chunked:
        body = _unchunked(body)
    if any(name.lower() == b"content-encoding" for name, _ in headers) and _TEXT.match(body[:512]):
        headers = [(name, value) for name, value in headers if name.lower() != b"content-encoding"]
    return int(status[1]), headers, body


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
