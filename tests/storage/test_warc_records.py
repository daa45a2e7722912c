"""Archives of every kind and in every state: what can be read is read, what cannot is told."""

from __future__ import annotations

import gzip
import os
import random
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newscrawl.storage import StorageError
from newscrawl.storage.warc_http import MAX_HEAD
from newscrawl.storage.warc_places import next_record
from newscrawl.storage.warc_records import MAX_BODY, ArchivedResponse, Trouble, response_at, responses
from tests.fuzz.clock import bounded

PAGE = "<html><body><p>افتتحت البلدية مكتبة عامة</p></body></html>".encode()
HTML = b"Content-Type: text/html\r\n"


def record(
    number: int,
    *,
    body: bytes = PAGE,
    head: bytes = b"HTTP/1.1 200 OK\r\n" + HTML,
    block: bytes | None = None,
    kind: str = "response",
    **changed: str | None,
) -> bytes:
    block = head + b"\r\n" + body if block is None else block
    fields: dict[str, str | None] = {
        "WARC-Type": kind,
        "WARC-Target-URI": f"http://paper.test/{number}",
        "WARC-Date": "2026-11-20T10:00:00Z",
        "Content-Length": str(len(block)),
    }
    fields |= {name.replace("_", "-"): value for name, value in changed.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value is not None)
    return f"WARC/1.1\r\n{lines}\r\n".encode() + block + b"\r\n\r\n"


def packed(*records: bytes) -> bytes:
    return b"".join(map(gzip.compress, records))


def read(directory: Path, data: bytes) -> tuple[list[ArchivedResponse], list[Trouble]]:
    path = directory / "x.warc.gz"
    path.write_bytes(data)
    troubles: list[Trouble] = []
    found = list(responses(path, troubles.append))
    for response in found:
        assert response_at(path, response.offset) == response
    return found, troubles


ODD = {
    "no-url": record(2, WARC_Target_URI=None),
    "no-date": record(2, WARC_Date=None),
    "no-date ": record(2, WARC_Date="yesterday"),
    "no-http": record(2, block=b"garbage"),
    "no-http ": record(2, block=b""),
    "no-http  ": record(2, head=b"HTTP/1.1 abc OK\r\n" + HTML),
    "no-http   ": record(2, head=b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000 + b"\r\n"),
    "no-http    ": record(2, head=b"HTTP/1.1 99999 OK\r\n" + HTML),
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("pack", [packed, lambda *records: b"".join(records)], ids=["gzip", "plain"])
def test_an_odd_record_is_passed_over_alone(tmp_path: Path, name: str, pack: object) -> None:
    found, troubles = read(tmp_path, pack(record(1), ODD[name], record(3)))  # type: ignore[operator]
    assert [r.url[-1] for r in found] == ["1", "3"]
    assert [t.reason for t in troubles] == [name.strip()]
    assert not troubles[0].is_damage


@pytest.mark.parametrize("length", [str(10**9), str(10**5), "x", "-5", "20", str(10**30)])
@pytest.mark.parametrize("pack", [packed, lambda *records: b"".join(records)], ids=["gzip", "plain"])
def test_a_length_that_lies_costs_only_its_record(tmp_path: Path, length: str, pack: object) -> None:
    found, troubles = read(tmp_path, pack(record(1), record(2, Content_Length=length), record(3)))  # type: ignore[operator]
    assert [r.url[-1] for r in found] == ["1", "3"]
    assert any(t.is_damage for t in troubles)


READABLE = {
    "bare line feeds": record(2, block=b"HTTP/1.0 200 OK\nContent-Type: text/html\n\n" + PAGE),
    "HTTP/2": record(2, head=b"HTTP/2 200\r\ncontent-type: text/html\r\n"),
    "angle brackets": record(2, WARC_Target_URI="<http://paper.test/2>"),
    "date of old converters": record(2, WARC_Date="20261120100000"),
    "date with a fraction": record(2, WARC_Date="2026-11-20T10:00:00.123456Z"),
    "date without a zone": record(2, WARC_Date="2026-11-20T10:00:00"),
    "chunked": record(2, head=b"HTTP/1.1 200 OK\r\n" + HTML + b"Transfer-Encoding: chunked\r\n",
                      body=b"%x;n=v\r\n%s\r\n%X\r\n%s\r\n0\r\n\r\n" % (9, PAGE[:9], len(PAGE) - 9, PAGE[9:])),
    "chunked by word only": record(2, head=b"HTTP/1.1 200 OK\r\n" + HTML + b"Transfer-Encoding: chunked\r\n"),
    "gzip by word only": record(2, head=b"HTTP/1.1 200 OK\r\n" + HTML + b"Content-Encoding: gzip\r\n"),
    "several by word only": record(2, head=b"HTTP/1.1 200 OK\r\n" + HTML + b"Content-Encoding: gzip, br\r\n"),
    "deflate by word only": record(2, head=b"HTTP/1.1 200 OK\r\n" + HTML + b"Content-Encoding: deflate\r\n"),
    "zstd by word only": record(2, head=b"HTTP/1.1 200 OK\r\n" + HTML + b"Content-Encoding: zstd\r\n"),
    "no encoding at all": record(2, head=b"HTTP/1.1 200 OK\r\n" + HTML + b"Content-Encoding: UTF-8\r\n"),
    "br by word only": record(2, head=b"HTTP/1.1 200 OK\r\n" + HTML + b"content-encoding: br\r\n"),
    "a line that is no header": record(2, head=b"HTTP/1.1 200 OK\r\nnonsense\r\n" + HTML),
    "bytes of no encoding": record(2, head=b"HTTP/1.1 200 OK\r\nX: \xff\xfe\xed\xa0\x80\r\n" + HTML),
}  # fmt: skip


@pytest.mark.parametrize("name", READABLE)
def test_what_other_tools_write_is_read(tmp_path: Path, name: str) -> None:
    found, troubles = read(tmp_path, packed(record(1), READABLE[name], record(3)))
    assert [r.url for r in found] == [f"http://paper.test/{n}" for n in (1, 2, 3)]
    assert found[1].body == PAGE
    assert found[1].archived_at.replace(microsecond=0).isoformat() == "2026-11-20T10:00:00+00:00"
    assert troubles == []
    names = {key.lower() for key, _ in found[1].headers}
    assert not {b"transfer-encoding", b"content-encoding"} & names


_PACKED = gzip.compress(PAGE, mtime=0)


@pytest.mark.parametrize(
    ("said", "body", "true"),
    [
        ("gzip", _PACKED, "gzip"),
        ("x-gzip", _PACKED, "x-gzip"),
        ("br", _PACKED, "gzip"),
        ("", _PACKED, "gzip"),
        ("deflate", zlib.compress(PAGE), "deflate"),
        ("gzip", "نص يسبق الصفحة\n".encode() + PAGE, ""),
        ("br", "نص يسبق الصفحة\n".encode() + PAGE, ""),
        ("identity", PAGE, ""),
    ],
)
def test_the_bytes_say_what_is_packed(tmp_path: Path, said: str, body: bytes, true: str) -> None:
    encoding = f"Content-Encoding: {said}\r\n".encode() if said else b""
    (found,), troubles = read(tmp_path, packed(record(1, head=b"HTTP/1.1 200 OK\r\n" + HTML + encoding, body=body)))
    headers = {name.lower(): value for name, value in found.headers}
    assert (headers.get(b"content-encoding", b"").decode(), found.body, troubles) == (true, body, [])


def test_a_file_of_no_text_stays_as_it_is_packed(tmp_path: Path) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/gzip\r\n"
    (found,), _ = read(tmp_path, packed(record(1, head=head, body=_PACKED)))
    assert [name.lower() for name, _ in found.headers] == [b"content-type"]


def test_a_pipe_is_refused_and_waited_for_by_nobody(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.warc.gz")
    with pytest.raises(StorageError, match="it is no file"):
        next(responses(tmp_path / "x.warc.gz", print))


def test_a_file_that_was_packed_whole_is_read(tmp_path: Path) -> None:
    found, troubles = read(tmp_path, gzip.compress(record(1) + record(2) + record(3)))
    assert [r.url[-1] for r in found] == ["1", "2", "3"]
    assert troubles == []


@pytest.mark.parametrize("pack", [packed, lambda *records: b"".join(records)], ids=["gzip", "plain"])
def test_a_file_that_was_cut_off_is_told_wherever_it_was(tmp_path: Path, pack: object) -> None:
    data = pack(record(1), record(2))  # type: ignore[operator]
    second = len(pack(record(1)))  # type: ignore[operator]
    for end in range(second + 1, len(data)):
        found, troubles = read(tmp_path, data[:end])
        assert found[0].url[-1] == "1"
        assert any(t.is_damage for t in troubles) or (len(found) == 2 and len(data) - end <= 4), end
    assert read(tmp_path, data[:second])[1] == read(tmp_path, data)[1] == []


def test_a_record_over_the_limit_is_passed_over(tmp_path: Path) -> None:
    assert MAX_BODY == 64 << 20
    found, troubles = read(tmp_path, packed(record(1), record(2, body=b" " * (MAX_BODY + (1 << 20))), record(3)))
    assert [r.url[-1] for r in found] == ["1", "3"]
    assert [t.reason for t in troubles] == ["too-large"]


@pytest.mark.parametrize(
    "data", [b"\x1f\x8bjunk" * 99, b"filedesc://x 0.0.0.0 20200101000000 text/plain 10\n", b"<html>"]
)
def test_what_is_no_archive_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(StorageError, match="holds no WARC record"):
        read(tmp_path, data)


def test_other_records_are_no_responses(tmp_path: Path) -> None:
    kinds = ["warcinfo", "request", "metadata", "revisit", "resource", "conversion", "invention"]
    found, troubles = read(tmp_path, packed(*(record(2, kind=kind) for kind in kinds), record(1)))
    assert [r.url[-1] for r in found] == ["1"]
    assert troubles == []


@pytest.fixture(scope="module")
def archive() -> tuple[bytes, dict[str, bytes]]:
    chance = random.Random(7)
    words = "كلمة مدينة وزير خبر الماء الطريق مدرسة".split()
    bodies = [f"<html>{' '.join(chance.choices(words, k=200))} {n}</html>".encode() for n in range(20)]
    data = packed(*(record(n, body=body) for n, body in enumerate(bodies)))
    return data, {f"http://paper.test/{n}": body for n, body in enumerate(bodies)}


@settings(max_examples=150)
@example(place=0.998046875, bit=1)  # where all of the text is unpacked before the checksum is looked at
@example(place=0.9961, bit=3)
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_one_flipped_bit_costs_one_record_and_is_told(
    tmp_path_factory: pytest.TempPathFactory, archive: tuple[bytes, dict[str, bytes]], place: float, bit: int
) -> None:
    data, bodies = bytearray(archive[0]), archive[1]
    data[int(place * len(data))] ^= 1 << bit
    found, troubles = read(tmp_path_factory.mktemp("flip"), bytes(data))
    assert all(bodies.get(r.url) == r.body for r in found)
    urls = [r.url for r in found]
    assert len(set(urls)) == len(urls) >= len(bodies) - 1
    assert len(urls) == len(bodies) or troubles


def test_what_repeats_over_all_of_gzips_window_is_no_damage(tmp_path: Path) -> None:
    noise = random.Random(5).randbytes(30_000)
    members = [gzip.compress(record(number, body=noise + noise)) for number in range(2)]
    found, troubles = read(tmp_path, b"".join(members))
    assert [r.body for r in found] == [noise + noise] * 2
    assert troubles == []
    data = bytearray(b"".join(members))
    data[len(members[0]) + 5_000] ^= 0xFF
    found, troubles = read(tmp_path, bytes(data))
    assert [r.url[-1] for r in found] == ["0"]
    assert [t.offset for t in troubles] == [len(members[0])]


@pytest.mark.parametrize("kind", ["response", "request"])
def test_damage_is_told_once_and_where_it_is(tmp_path: Path, kind: str) -> None:
    """Not also at the sound record before it, from which it is met."""
    members = [gzip.compress(record(1)), gzip.compress(record(2, kind=kind)), gzip.compress(record(3))]
    offset = len(members[0])
    for place in range(10, len(members[1]), 9):
        data = bytearray(b"".join(members))
        data[offset + place] ^= 0xFF
        found, troubles = read(tmp_path, bytes(data))
        assert [r.url[-1] for r in found] == ["1", "3"]
        assert [(t.offset, t.reason) for t in troubles] == [(offset, "damaged")]


@settings(max_examples=150)
@given(junk=st.binary(max_size=300), at=st.integers(0, 3))
@example(junk=b"\x1f\x8b\x08", at=1)
@example(junk=b"\x1f\x8b", at=2)
@example(junk=gzip.compress(record(9))[:40], at=1)
def test_any_bytes_between_records_are_survived(tmp_path_factory: pytest.TempPathFactory, junk: bytes, at: int) -> None:
    members = [gzip.compress(record(n)) for n in range(3)]
    members.insert(at, junk)
    path = tmp_path_factory.mktemp("junk") / "x.warc.gz"
    path.write_bytes(b"".join(members))
    troubles: list[Trouble] = []
    found = [r.url[-1] for r in responses(path, troubles.append)]
    # Junk may look like a record's length and take the record behind it, never more.
    assert len(found) >= 2
    assert found == sorted(set(found))


_MANY = 20_000
_CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
_GROWING = {
    "header lines of a record": record(1).replace(b"\r\n\r\n", b"\r\n" + b"X-A: b\r\n" * _MANY + b"\r\n", 1),
    "one long header line": record(1).replace(b"\r\n\r\n", b"\r\nX: " + b"a" * 300_000 + b"\r\n\r\n", 1),
    "a header that is folded": record(1).replace(b"\r\n\r\n", b"\r\nX: a\r\n" + b" a\r\n" * _MANY + b"\r\n", 1),
    "header lines of a response": record(1, head=b"HTTP/1.1 200 OK\r\n" + HTML + b"X-A: b\r\n" * _MANY),
    "chunks": record(1, head=_CHUNKED, body=b"1\r\na\r\n" * _MANY + b"0\r\n\r\n"),
    "a chunk's size": record(1, head=_CHUNKED, body=b"0" * 200_000),
    "records of nothing": record(1, body=b"") * 2000,
    "what begins like a record": b"WARC/1.1\r\n" * _MANY,
    "what begins like a record with a line": b"WARC/1.1\r\nA: b\r\n" * _MANY,
    "heads that end and say nothing": b"WARC/1.1\r\n\r\n" * 2000,
    "lengths that lie": record(1, Content_Length="5") * 1000,
    "blank lines": record(1) + b"\r\n" * _MANY + record(2),
}  # fmt: skip


@pytest.mark.parametrize("name", _GROWING)
@pytest.mark.parametrize(
    "pack",
    [
        gzip.compress,
        bytes,
        lambda data: b"".join(gzip.compress(data[at : at + 500]) for at in range(0, len(data), 500)),
    ],
    ids=["gzip", "plain", "many members"],
)
def test_no_archive_takes_long_whatever_grows_in_it(tmp_path: Path, name: str, pack: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "x.warc.gz"

    def all_responses(data: bytes) -> None:
        path.write_bytes(pack(data))
        for response in responses(path, lambda _: None):
            assert len(response.body) <= MAX_BODY

    bounded(all_responses, record(3) + _GROWING[name])


@pytest.mark.parametrize("name", ["gzip of gzip", "a gigabyte of nothing"])
def test_a_bomb_in_an_archive_is_passed_over(tmp_path: Path, name: str) -> None:
    bomb = gzip.compress(bytes(200 << 20), 1)
    if name == "gzip of gzip":
        data = record(1, head=b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n", body=bomb)
    else:
        head = b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: http://paper.test/2\r\n"
        head += b"WARC-Date: 2026-11-20T10:00:00Z\r\nContent-Length: %d\r\n\r\n" % (200 << 20)
        data = gzip.compress(record(1)) + _one_member(head, 200 << 20)
    path = tmp_path / "x.warc.gz"

    def all_responses(data: bytes) -> None:
        path.write_bytes(data)
        for response in responses(path, lambda _: None):
            assert len(response.body) <= MAX_BODY

    bounded(all_responses, data)


def _one_member(head: bytes, zeros: int) -> bytes:
    """A gzip member of a head and so many zero bytes."""
    packer = zlib.compressobj(1, wbits=31)
    pieces = [packer.compress(head), *(packer.compress(bytes(1 << 20)) for _ in range(zeros >> 20)), packer.flush()]
    return b"".join(pieces)


@pytest.mark.parametrize("before", [b"", b"what is left of a record"])
def test_a_head_behind_damage_has_an_end_within_its_limit(tmp_path: Path, before: bytes) -> None:
    path = tmp_path / "damaged.warc"
    for size, found in ((MAX_HEAD, len(before) + 1), (MAX_HEAD + 1, None)):
        begin = b"\nWARC/1.1\r\nX: "
        path.write_bytes(before + begin + b"x" * (size - len(begin)) + b"\r\n\r\n")
        with path.open("rb") as file:
            assert next_record(file, 0) == found
