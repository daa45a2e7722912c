"""The responses of WARC files, ours or anybody's, damaged or whole.

FastWARC finds the records; it is not asked to read HTTP, because archives hold heads that end in bare line feeds, and
bodies that are chunked or compressed only by their header's word (`warc_http`). A file with damage is read on at the
next record behind it, and nothing that is passed over is passed over in silence.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, cast

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from newscrawl.storage.errors import StorageError
from newscrawl.storage.warc_http import HEAD_END, MAX_HEAD, read_http, read_moment
from newscrawl.storage.warc_places import GZIP, LENGTH, is_one_stream, next_record

#: A body that is longer is no page: newscrawl downloads no more than 16 MiB, others rarely.
MAX_BODY = 64 << 20
_COPY = 1 << 18


@dataclass(frozen=True, slots=True)
class Trouble:
    """What was passed over: `reason` is one of a few words, `offset` where its record or the damage begins."""

    path: Path
    offset: int
    reason: str

    @property
    def is_damage(self) -> bool:
        """Whether the file itself is broken there, and not only one record odd."""
        return self.reason in ("damaged", "cut-off")


@dataclass(frozen=True, slots=True)
class ArchivedResponse:
    """One response record. Headers are (name, value) as bytes, without those that no longer hold; the body has no
    transfer coding, and is content-encoded as the headers say."""

    url: str
    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    archived_at: datetime
    path: Path
    offset: int
    is_truncated: bool = False


def responses(
    path: Path, on_trouble: Callable[[Trouble], None], *, start: int = 0, max_body: int = MAX_BODY
) -> Iterator[ArchivedResponse]:
    """The responses of one file, in order. `offset` is the place of the record's gzip member, of the record itself in
    a plain file, and in a file that is a single gzip stream its place in the unpacked text.

    StorageError when the file cannot be opened or holds no WARC record at all.
    """
    if path.exists() and not (path.is_file() or path.is_dir()):
        # A pipe keeps whoever opens it waiting, and cannot be read twice.
        raise StorageError(f"cannot read {path}: it is no file")
    try:
        with path.open("rb") as file:
            if not file.read(1):
                return
            stream = gzip.GzipFile(fileobj=file) if is_one_stream(file) else file
            yield from _Reader(path, stream, on_trouble, max_body).read(start)
    except OSError as error:
        raise StorageError.of(error, path, "read") from error


def response_at(path: Path, offset: int) -> ArchivedResponse:
    """The one response whose record lies at an offset, as `responses` and a stored article's `archive` give it.

    StorageError when there is none.
    """
    troubles: list[Trouble] = []
    try:
        with path.open("rb") as file:
            stream = gzip.GzipFile(fileobj=file) if is_one_stream(file) else file
            found = next(_Reader(path, stream, troubles.append, MAX_BODY).read(offset, resync=False), None)
    except (OSError, EOFError) as error:
        raise StorageError(f"cannot read {path} at {offset}: {error}") from error
    if found is None or found.offset != offset:
        why = f" ({troubles[0].reason})" if troubles else ""
        raise StorageError(f"{path} holds no response at {offset}{why}")
    return found


class _Reader:
    def __init__(
        self,
        path: Path,
        stream: io.BufferedReader | gzip.GzipFile,
        on_trouble: Callable[[Trouble], None],
        max_body: int,
    ) -> None:
        self._path = path
        self._stream = stream
        self._on_trouble = on_trouble
        self._max_body = max_body
        self._last = -1  # where the last record began
        self._told: tuple[str, int] | None = None

    def read(self, start: int, *, resync: bool = True) -> Iterator[ArchivedResponse]:
        at: int | None = start
        found_any = False
        while at is not None:
            self._stream.seek(at)
            self._last = at - 1
            whole = True
            # FastWARC looks at a record's checksum when it goes on, so a response waits for that.
            waiting: ArchivedResponse | None = None
            try:
                # A record that says it is longer than its place swallows what follows, hence the look at its length.
                for record in ArchiveIterator(
                    cast(BinaryIO, self._stream),
                    record_types=WarcRecordType.any_type,
                    parse_http=False,
                    stream_detect=isinstance(self._stream, io.BufferedReader),
                ):
                    if waiting is not None:
                        yield waiting
                        waiting = None
                    self._last = record.stream_pos
                    found_any = True
                    # A multiple type is what FastWARC calls a record whose type it does not know.
                    if record.record_type == WarcRecordType.response:
                        waiting, whole = self._response(record)
                    else:
                        whole = self._skip(record)
                    if not whole:
                        break
            except (OSError, EOFError, zlib.error):
                # Behind the record that was read last, when that is sound itself.
                begins = self._end(self._last) if self._last >= at else at
                self._trouble("damaged", self._last if begins is None else begins)
                whole = False
                if waiting is not None and self._end(waiting.offset) is None:
                    waiting = None
            if waiting is not None:
                yield waiting
            if whole and resync and found_any and not self._is_at_end():
                # FastWARC ends without a word at half a head, though records may follow it.
                self._trouble("cut-off", self._last)
                whole = False
            if whole or not resync:
                break
            at = next_record(self._stream, max(self._last, at) + 1)
        if not found_any and resync and start == 0:
            raise StorageError(f"cannot read {self._path}: it holds no WARC record")

    def _is_at_end(self) -> bool:
        """Whether the file ends with its last record: FastWARC says nothing of a head that was cut off."""
        if isinstance(self._stream, gzip.GzipFile):
            return True  # which tells a cut by an EOFError
        self._stream.seek(self._last)
        data = self._stream.read(_COPY)
        if not data.startswith(GZIP):
            end = HEAD_END.search(data)
            length = LENGTH.search(data, 0, end.end()) if end else None
            if end is None or length is None:
                return False
            self._stream.seek(self._last + end.end() + int(length[1]))
            return not self._stream.read(_COPY).strip(b"\r\n\0")
        rest = self._behind_member(data)
        return rest is not None and not (rest + self._stream.read(_COPY)).strip(b"\0")

    def _end(self, offset: int) -> int | None:
        """Where the gzip member at an offset ends, in a plain file the offset; None when its bytes are damaged."""
        if isinstance(self._stream, gzip.GzipFile):
            return None  # of which nothing but the whole has a checksum
        self._stream.seek(offset)
        data = self._stream.read(_COPY)
        if not data.startswith(GZIP):
            return offset
        try:
            rest = self._behind_member(data)
        except zlib.error:
            return None
        return None if rest is None else self._stream.tell() - len(rest)

    def _behind_member(self, data: bytes) -> bytes | None:
        """What was read beyond the gzip member that `data` begins; None when it is cut off, zlib.error for damage."""
        member = zlib.decompressobj(zlib.MAX_WBITS + 16)
        while data and not member.eof:
            member.decompress(data, _COPY)
            data = member.unconsumed_tail or (b"" if member.eof else self._stream.read(_COPY))
        return member.unused_data if member.eof else None

    def _skip(self, record: WarcRecord) -> bool:
        """Passes a record that is no response; False when its file ends before it does."""
        left = record.content_length
        while left > 0 and (read := len(record.reader.read(min(left, _COPY)))):
            left -= read
        if left > 0:
            self._trouble("cut-off", record.stream_pos)
        return left <= 0

    def _response(self, record: WarcRecord) -> tuple[ArchivedResponse | None, bool]:
        """The response, None with its reason told; and whether the record was as long as it said."""
        offset, length = record.stream_pos, record.content_length
        if length > self._max_body + MAX_HEAD:
            self._trouble("too-large", offset)
            return None, self._skip(record)
        block = record.reader.read(length) if length > 0 else b""
        while len(block) < length and (more := record.reader.read(length - len(block))):
            block += more
        if len(block) < length:
            self._trouble("cut-off", offset)
            return None, False
        response = self._read(record, block)
        if isinstance(response, str):
            self._trouble(response, offset)
            return None, True
        return response, True

    def _read(self, record: WarcRecord, block: bytes) -> ArchivedResponse | str:
        """The response, or why there is none."""
        url = (record.headers.get("WARC-Target-URI") or "").strip().strip("<>").strip()
        if not url:
            return "no-url"
        when = read_moment(record.headers.get("WARC-Date") or "")
        if when is None:
            return "no-date"
        http = read_http(block)
        if http is None:
            return "no-http"
        status, headers, body = http
        return ArchivedResponse(
            url=url,
            status=status,
            headers=tuple(headers),
            body=body,
            archived_at=when,
            path=self._path,
            offset=record.stream_pos,
            is_truncated=record.headers.get("WARC-Truncated") is not None,
        )

    def _trouble(self, reason: str, offset: int) -> None:
        told, self._told = self._told, (reason, offset)
        if told != self._told:  # damage is met from the record before it, and again when reading goes on there
            self._on_trouble(Trouble(self._path, max(offset, 0), reason))
