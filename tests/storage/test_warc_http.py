"""HTTP as archives hold it: chunks, folded and broken headers, what is packed, and moments."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.storage.warc_http import MAX_HEAD, read_http, read_moment

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def body(block: bytes) -> bytes:
    http = read_http(block)
    assert http is not None
    return http[2]


@pytest.mark.parametrize(
    ("sent", "held"),
    [
        (b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", b"abcde"),
        (b"3\nabc\n2\nde\n0\n\n", b"abcde"),
        # A recorder that left the line ends behind chunks out.
        (b"3\r\nabc2\r\nde0\r\n\r\n", b"abcde"),
        (b"00000003;name=value\r\nabc\r\nA \r\n0123456789\r\n0\r\n\r\n", b"abc0123456789"),
        (b"1a\r\n" + b"x" * 26 + b"\r\n1A\r\n" + b"y" * 26 + b"\r\n0\r\n\r\n", b"x" * 26 + b"y" * 26),
        # What follows the last chunk is a trailer.
        (b"3\r\nabc\r\n0\r\nExpires: 0\r\n\r\n5\r\nfghij", b"abc"),
        # Cut off, broken, without any chunk.
        (b"3\r\nabc\r\n9\r\nde", b"abcde"),
        (b"3\r\nabc\r\nnone\r\n2\r\nde", b"abc"),
        (b"<html>", b"<html>"),
        (b"0\r\n\r\n", b"0\r\n\r\n"),
        (b"123456789\r\nabc", b"123456789\r\nabc"),
        # A line end that belongs to the text.
        (b"5\r\nabc\r\n\r\n2\r\n\r\n\r\n0\r\n\r\n", b"abc\r\n\r\n"),
    ],
)
def test_a_body_is_without_its_chunks(sent: bytes, held: bytes) -> None:
    assert body(CHUNKED + sent) == held


@given(st.lists(st.binary(min_size=1, max_size=40), min_size=1), st.sampled_from([b"\r\n", b"\n"]))
def test_whatever_the_chunks_hold(chunks: list[bytes], end: bytes) -> None:
    sent = b"".join(b"%x" % len(chunk) + end + chunk + end for chunk in chunks) + b"0" + end + end
    http = read_http(CHUNKED.replace(b"chunked", b"Chunked") + sent)
    assert http is not None
    assert http[2] == b"".join(chunks)


def test_headers_are_read_as_they_were_sent() -> None:
    block = (
        b"\nHTTP/1.0 404 Not Found\r\nX-Long: one\r\n  two\r\n\tthree\r\nSet-Cookie: a=1\r\nset-cookie:b=2\r\n"
        b"no header\r\n: no name\r\nX-Empty:\r\nTransfer-Encoding: identity\r\n\r\n3\r\nabc"
    )
    assert read_http(block) == (
        404,
        [(b"X-Long", b"one two three"), (b"Set-Cookie", b"a=1"), (b"set-cookie", b"b=2"), (b"X-Empty", b"")],
        b"3\r\nabc",
    )


@pytest.mark.parametrize(
    "start", [b"HTTP/1.1 20 OK", b"HTTP/1.1 2000 OK", b"HTTP/1.1", b"ICY 200 OK", b"x HTTP/1.1 200 OK"]
)
def test_what_has_no_status_is_no_http(start: bytes) -> None:
    assert read_http(start + b"\r\n\r\n") is None


def test_a_head_has_an_end_within_its_limit() -> None:
    start = b"HTTP/2 200\r\nX: "
    most = MAX_HEAD - len(start) - 4
    assert read_http(start + b"x" * most + b"\r\n\r\nbody") == (200, [(b"X", b"x" * most)], b"body")
    assert read_http(start + b"x" * (most + 1) + b"\r\n\r\nbody") is None
    assert read_http(start + b"x\r\n") is None


@pytest.mark.parametrize(
    ("said", "sent", "true"),
    [
        (b"br, gzip", gzip.compress(b"x", mtime=0), b"br, gzip"),
        (b"gzip, br", gzip.compress(b"x", mtime=0), b"gzip"),
        (b"zstandard", b"\x28\xb5\x2f\xfd", b"zstandard"),
        (b"gzip", b"\x28\xb5\x2f\xfd", b"zstd"),
        # Brotli and deflate have no mark; text is none of theirs.
        (b"br", b"\x0b\x02\x80text\x03", b"br"),
        (b"br", b"<p>text</p>\r\n\t\x0c\x1b", b""),
        (b"br", b"<p>" + b"x" * 600 + b"\x00", b""),
        (b"zstd", b"\x00\x01", b""),
        (b"", b"\x00\x01", b""),
    ],
)
def test_what_a_body_is_packed_in(said: bytes, sent: bytes, true: bytes) -> None:
    http = read_http(b"HTTP/1.1 200 OK\r\nContent-Encoding: " + said + b"\r\nContent-Type: text/html\r\n\r\n" + sent)
    assert http is not None
    assert b", ".join(value for name, value in http[1] if name.lower() == b"content-encoding") == true
    assert http[2] == sent


@pytest.mark.parametrize(
    ("kind", "true"),
    [(b"text/plain", b"gzip"), (b"application/rss+XML", b"gzip"), (b"application/json", b"gzip"), (b"image/png", b"")],
)
def test_packed_bytes_of_a_text_are_packed_though_no_header_says_so(kind: bytes, true: bytes) -> None:
    http = read_http(b"HTTP/1.1 200 OK\r\nContent-Type: " + kind + b"\r\n\r\n" + gzip.compress(b"x"))
    assert http is not None
    assert dict(http[1]).get(b"Content-Encoding", b"") == true


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-20T10:00:00Z", datetime(2026, 11, 20, 10, tzinfo=UTC)),
        (" 2026-11-20T10:00:00.5Z ", datetime(2026, 11, 20, 10, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-11-20T10:00:00+03:00", datetime(2026, 11, 20, 7, tzinfo=UTC)),
        ("2026-11-20T10:00:00", datetime(2026, 11, 20, 10, tzinfo=UTC)),
        ("20261120103045", datetime(2026, 11, 20, 10, 30, 45, tzinfo=UTC)),
        ("20261320103045", None),
        ("202611201030", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_moments(text: str, moment: datetime | None) -> None:
    assert read_moment(text) == moment
