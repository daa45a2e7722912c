"""The gzip members of a WARC file, one record each: where they lie, and how one is overwritten in its place."""

from __future__ import annotations

import io
import mmap
import os
import uuid
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from newscrawl.storage.errors import StorageError
from newscrawl.storage.warc_places import GZIP, next_member

_COPY = 1 << 18
_HEAD = 64 << 10
_GZIP_HEAD = GZIP + bytes(6) + b"\xff"
_COMMENT = 0x10
_STORED = 0xFFFF  # bytes that a block of deflate holds when they are not compressed (RFC 1951, 3.2.4)
_BLOCK_HEAD = 5
_TRAILER = 8


@dataclass(frozen=True, slots=True)
class Member:
    """Offset and length in bytes of a record's gzip member, and the beginning of the record (at most 64 KiB)."""

    offset: int
    length: int
    head: bytes

    def value(self, name: str) -> str | None:
        """A header of the record."""
        head = self.head.partition(b"\r\n\r\n")[0]
        for line in head.split(b"\r\n")[1:]:
            key, _, value = line.partition(b":")
            if key.strip().lower() == name.lower().encode():
                return value.decode("utf-8", "replace").strip()
        return None

    @property
    def url(self) -> str:
        """What the record is of; empty where it does not say."""
        return (self.value("WARC-Target-URI") or "").strip("<>")


def members(path: Path) -> Iterator[Member]:
    """Every whole member in order; what is damaged is passed over up to the next record. StorageError."""
    try:
        with path.open("rb") as file:
            at: int | None = 0
            while at is not None:
                file.seek(at)
                end = at
                for member in _whole(file, at):
                    yield member
                    end = member.offset + member.length
                at = _next_record(file, end + 1) if end < path.stat().st_size else None
    except OSError as error:
        raise StorageError.of(error, path, "read") from error


def _whole(file: io.BufferedReader, at: int) -> Iterator[Member]:
    """The members from where the file stands, until one is damaged or cut off."""
    unpack, head, length = zlib.decompressobj(zlib.MAX_WBITS + 16), b"", 0
    data = b""
    while data or (data := file.read(_COPY)):
        try:
            text = unpack.decompress(data)
        except zlib.error:
            return
        if len(head) < _HEAD:
            head += text[: _HEAD - len(head)]
        length += len(data) - len(unpack.unused_data)
        data = unpack.unused_data
        if unpack.eof:
            yield Member(at, length, head)
            at += length
            unpack, head, length = zlib.decompressobj(zlib.MAX_WBITS + 16), b"", 0


def _next_record(file: io.BufferedReader, at: int) -> int | None:
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return next_member(content, at)


def overwrite(path: Path, offset: int, length: int, *, now: datetime) -> None:
    """Put a record without content in the place of a member; the offsets of all others hold. StorageError.

    Not atomic: a kill may leave half of either, and the caller does it again.
    """
    try:
        with path.open("rb+") as file:
            file.seek(offset)
            file.write(blank(length, now=now))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StorageError.of(error, path, "overwrite") from error


def blank(length: int, *, now: datetime) -> bytes:
    """A gzip member of exactly so many bytes, which holds a WARC record that says only that something was removed.

    ValueError below 21 bytes, which is less than any record has.
    """
    identity = f"<urn:uuid:{uuid.uuid4()}>"
    date = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    start = f"WARC/1.1\r\nWARC-Type: metadata\r\nWARC-Record-ID: {identity}\r\nWARC-Date: {date}\r\n"
    bare = f"{start}Content-Type: text/plain\r\nContent-Length: 0\r\n\r\n\r\n\r\n".encode()
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(bare) + packer.flush()
    if length > len(bare) + 100:
        return _stored(length, f"{start}Content-Type: text/plain\r\n")
    # Too short to be stored as it is: compressed, or nothing at all, and the rest is a comment that gzip passes over.
    for text, body in ((bare, packed), (b"", b"\x03\x00")):
        spare = length - len(_GZIP_HEAD) - len(body) - _TRAILER
        if spare == 0:
            return _GZIP_HEAD + body + _trailer(text)
        if spare > 0:
            head = GZIP + bytes([_COMMENT]) + _GZIP_HEAD[4:]
            return head + b"-" * (spare - 1) + b"\0" + body + _trailer(text)
    raise ValueError(f"no gzip member has {length} bytes")


def _stored(length: int, start: str) -> bytes:
    """The record with as many spaces for content as make it `length` bytes of blocks that are not compressed."""
    room = length - len(_GZIP_HEAD) - _TRAILER
    blocks = -(-room // (_STORED + _BLOCK_HEAD))
    size = room - blocks * _BLOCK_HEAD
    for slack in ("", "-"):
        for digits in range(1, 12):
            head = f"{start}Content-Description: removed{slack}\r\nContent-Length: "
            content = size - len(head) - digits - len("\r\n\r\n") - len("\r\n\r\n")
            if content >= 0 and len(str(content)) == digits:
                text = f"{head}{content}\r\n\r\n{' ' * content}\r\n\r\n".encode()
                return _GZIP_HEAD + b"".join(_blocks(text, blocks)) + _trailer(text)
    raise ValueError(f"no record fits {length} bytes")


def _blocks(text: bytes, count: int) -> Iterator[bytes]:
    for number in range(count):
        part = text[number * _STORED : (number + 1) * _STORED]
        size = len(part).to_bytes(2, "little")
        yield bytes([number == count - 1]) + size + bytes(byte ^ 0xFF for byte in size) + part


def _trailer(text: bytes) -> bytes:
    return zlib.crc32(text).to_bytes(4, "little") + (len(text) & 0xFFFFFFFF).to_bytes(4, "little")
