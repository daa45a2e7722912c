"""Records of an archive are found by their places, and one that is overwritten leaves the others where they were."""

from __future__ import annotations

import gzip
import itertools
import os
import random
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType
from hypothesis import example, given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator as Warcio

from newscrawl.storage.errors import StorageError
from newscrawl.storage.warc_members import blank, members, overwrite
from newscrawl.storage.warc_records import Trouble, responses

NOW = datetime(2026, 11, 30, tzinfo=UTC)


def record(number: int, size: int = 200, *, level: int = 6) -> bytes:
    noise = random.Random(number).randbytes(size).hex().encode()
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + noise
    head = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{number:032}>\r\n"
        f"WARC-Target-URI: http://paper.test/{number}\r\nWARC-Date: 2026-11-20T10:00:00Z\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + http + b"\r\n\r\n", level)


@given(st.integers(21, 400_000))
@example(21)
@example(0xFFFF + 18)
@example(2 * (0xFFFF + 5) + 18)
@example(2 * (0xFFFF + 5) + 19)
@example(17_000_000)
def test_a_blank_has_exactly_the_length_asked_for(length: int) -> None:
    made = blank(length, now=NOW)
    assert len(made) == length
    member = zlib.decompressobj(zlib.MAX_WBITS + 16)
    text = member.decompress(made)
    assert member.eof
    assert not member.unused_data
    assert text == b"" or text.startswith(b"WARC/1.1\r\nWARC-Type: metadata\r\n")
    assert gzip.decompress(made) == text


def test_nothing_can_be_shorter_than_an_empty_member() -> None:
    with pytest.raises(ValueError, match="has 19 bytes"):
        blank(19, now=NOW)


def test_the_others_stay_where_they_are(tmp_path: Path) -> None:
    path = tmp_path / "run-00000.warc.gz"
    path.write_bytes(b"".join(record(number, size) for number, size in enumerate([10, 200, 90_000, 500, 40])))
    before = list(members(path))
    assert [each.value("warc-target-uri") for each in before] == [f"http://paper.test/{n}" for n in range(5)]
    assert sum(each.length for each in before) == path.stat().st_size
    gone = {1, 2, 4}
    for number in gone:
        overwrite(path, before[number].offset, before[number].length, now=NOW)
    after = list(members(path))
    assert [(each.offset, each.length) for each in after] == [(each.offset, each.length) for each in before]
    assert [each.value("WARC-Type") == "metadata" for each in after] == [number in gone for number in range(5)]
    troubles: list[Trouble] = []
    found = {each.offset: each.url for each in responses(path, troubles.append)}
    assert found == {before[n].offset: f"http://paper.test/{n}" for n in range(5) if n not in gone}
    assert troubles == []
    with path.open("rb") as file:
        kinds = [each.record_type for each in ArchiveIterator(file, record_types=WarcRecordType.any_type)]
    assert [kind == WarcRecordType.metadata for kind in kinds] == [number in gone for number in range(5)]
    with path.open("rb") as file:
        assert [each.rec_type == "metadata" for each in Warcio(file)] == [number in gone for number in range(5)]
    assert b"paper.test/2" not in gzip.decompress(path.read_bytes())


def test_what_is_overwritten_is_gone_from_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "run-00000.warc.gz"
    path.write_bytes(record(1))
    on_disk: list[bytes] = []
    monkeypatch.setattr(os, "fsync", lambda _descriptor: on_disk.append(path.read_bytes()))
    (member,) = members(path)
    overwrite(path, member.offset, member.length, now=NOW)
    assert on_disk == [path.read_bytes()]
    with pytest.raises(StorageError, match=r"cannot overwrite .*gone\.warc\.gz: no such file"):
        overwrite(tmp_path / "gone.warc.gz", member.offset, member.length, now=NOW)


def test_damage_hides_no_record_behind_it(tmp_path: Path) -> None:
    path = tmp_path / "run-00000.warc.gz"
    path.write_bytes(b"".join(record(number, 3000) for number in range(6)))
    before = list(members(path))
    content = bytearray(path.read_bytes())
    content[before[2].offset + 1000] ^= 0xFF
    path.write_bytes(content)
    assert [each.offset for each in members(path)] == [before[n].offset for n in (0, 1, 3, 4, 5)]


def test_a_record_that_was_cut_off_ends_the_file(tmp_path: Path) -> None:
    path = tmp_path / "run-00000.warc.gz"
    path.write_bytes(b"".join(record(number, 3000) for number in range(3)))
    before = list(members(path))
    whole, last = path.read_bytes(), before[2]
    for kept in (1, 1000, last.length - 1):
        path.write_bytes(whole[: last.offset + kept])
        assert [each.offset for each in itertools.islice(members(path), 9)] == [before[0].offset, before[1].offset]
