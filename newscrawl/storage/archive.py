"""Raw responses in WARC 1.1 files, `archive/source=<s>/<run>-<number>.warc.gz`, each record its own gzip member.

Header values go out as the bytes that came, which is why records are laid out here: warcio would percent-encode the
raw UTF-8 that Arabic servers put in Location. Bodies are as received from the socket, still content-encoded; only the
transfer coding is gone. Reading back is `warc.py`.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import logging
import os
import re
import uuid
import zlib
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newscrawl.storage.append import PART, AppendFile, seal
from newscrawl.storage.errors import StorageError
from newscrawl.storage.jsonl import logical_name, source_directory

if TYPE_CHECKING:
    from scrapy.http import Request, Response
    from scrapy.http.headers import Headers

logger = logging.getLogger(__name__)

ARCHIVE = "archive"
SUFFIX = ".warc.gz"
ROTATE_BYTES = 1 << 30
_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
_GZIP_LEVEL = 6  # level 9 costs three times the CPU for 1 % of an HTML page
_GZIP_LEVEL_ENCODED = 1  # a body that came compressed shrinks no further
_CHUNK = 1 << 18
_SECRET = re.compile(rb"(?:proxy-.*|authorization|cookie)$", re.IGNORECASE)


class WarcArchive:
    """A run's raw responses of one source."""

    def __init__(
        self, data_dir: Path, source: str, run_id: str, *, rotate_bytes: int = ROTATE_BYTES, seal_after: float = 0
    ) -> None:
        """A file is sealed when it has `rotate_bytes`, when it is `seal_after` seconds old (0: never for its age), and
        when the run ends."""
        self._data_dir = data_dir
        self._directory = source_directory(data_dir, ARCHIVE, source)
        self._run_id = run_id
        self._rotate_bytes = rotate_bytes
        self._seal_after = seal_after
        self._file: AppendFile | None = None
        self._number = 0

    def write(self, request: Request, response: Response, *, now: datetime) -> dict[str, str | int]:
        """Store a response and its request; {"file", "offset"} of the response record. StorageError when refused."""
        self._seal_when_due()
        if self._file is None:
            path = self._directory / f"{self._run_id}-{self._number:05d}{SUFFIX}"
            self._file = AppendFile(path, private=True)
            self._file.append(_warcinfo(path.name, now))
            self._number += 1
        offset = self._file.append(_pair(request, response, now))
        return {"file": logical_name(self._file.path, self._data_dir), "offset": offset}

    def sync(self) -> None:
        """Put the records on the disk itself, safe from a power cut; a file that is old enough is sealed."""
        self._seal_when_due()
        if self._file is not None:
            self._file.sync()

    def _seal_when_due(self) -> None:
        file = self._file
        if file is None:
            return
        if file.size >= self._rotate_bytes or 0 < self._seal_after <= file.age:
            self.seal()

    def seal(self) -> None:
        """Close the open file under its final name."""
        file, self._file = self._file, None
        if file is not None:
            file.seal()


def heal_archive(data_dir: Path, source: str) -> list[Path]:
    """Seal the `.part` archives that dead runs of a source left, cutting a torn last record off; the sealed files."""
    healed = []
    for part in sorted(source_directory(data_dir, ARCHIVE, source).glob(f"*{SUFFIX}{PART}")):
        try:
            end = _end_of_whole_members(part)
            with part.open("rb+") as file:
                file.truncate(end)
                os.fsync(file.fileno())
            sealed = seal(part)
        except OSError as error:
            raise StorageError.of(error, part, "heal") from error
        if sealed is not None:
            healed.append(sealed)
    return healed


def _end_of_whole_members(path: Path) -> int:
    """The offset after the last gzip member that decompresses to its end, checksum included."""
    end = position = 0
    member = None
    with path.open("rb") as file:
        while data := file.read(_CHUNK):
            while data:
                member = member or zlib.decompressobj(zlib.MAX_WBITS + 16)
                try:
                    member.decompress(data)
                except zlib.error:
                    return end
                position += len(data) - len(member.unused_data)
                data = member.unused_data
                if member.eof:
                    end, member = position, None
    return end


def _pair(request: Request, response: Response, now: datetime) -> bytes:
    """The response record, then its request record, which points back to it."""
    common = {"WARC-Target-URI": response.url, "WARC-Date": _date(now)}
    if response.ip_address is not None:
        common["WARC-IP-Address"] = str(response.ip_address)
    response_id = _record_id()
    head = _status_line(response) + _header_block(response.headers)
    about = {"WARC-Record-ID": response_id, **common}
    http = "application/http; msgtype="
    if response.status == HTTPStatus.NOT_MODIFIED:
        about |= {"WARC-Profile": _NOT_MODIFIED, "WARC-Refers-To-Target-URI": response.url}
        answered = _record("revisit", about, http + "response", head)
    else:
        about["WARC-Payload-Digest"] = _digest(response.body)
        if {"partial", "dataloss"} & set(response.flags):
            about["WARC-Truncated"] = "disconnect"
        level = _GZIP_LEVEL_ENCODED if "Content-Encoding" in response.headers else _GZIP_LEVEL
        answered = _record("response", about, http + "response", head + response.body, level=level)
    asked = {"WARC-Record-ID": _record_id(), "WARC-Concurrent-To": response_id, **common}
    return answered + _record("request", asked, http + "request", _request_block(request))


def _warcinfo(filename: str, now: datetime) -> bytes:
    about = {"WARC-Record-ID": _record_id(), "WARC-Date": _date(now), "WARC-Filename": filename}
    fields = b"software: newscrawl\r\nformat: WARC File Format 1.1\r\n"
    return _record("warcinfo", about, "application/warc-fields", fields)


def _record(kind: str, about: dict[str, str], content_type: str, block: bytes, *, level: int = _GZIP_LEVEL) -> bytes:
    headers = {
        "WARC-Type": kind,
        **about,
        "WARC-Block-Digest": _digest(block),
        "Content-Type": content_type,
        "Content-Length": str(len(block)),
    }
    head = "WARC/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n"
    return gzip.compress(head.encode() + block + b"\r\n\r\n", level, mtime=0)


def _status_line(response: Response) -> bytes:
    try:
        phrase = HTTPStatus(response.status).phrase
    except ValueError:  # a code of the server's own invention has no phrase
        phrase = ""
    return f"HTTP/1.1 {response.status} {phrase}\r\n".encode()


def _request_block(request: Request) -> bytes:
    parts = urlsplit(request.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    host = b"" if "Host" in request.headers else f"Host: {parts.netloc}\r\n".encode()
    return f"{request.method} {target} HTTP/1.1\r\n".encode() + host + _header_block(request.headers) + request.body


def _header_block(headers: Headers) -> bytes:
    """All headers but those that say who the user is: archives are made to be passed on."""
    kept = ((name, values) for name, values in headers.items() if not _SECRET.match(name))
    return b"".join(name + b": " + value + b"\r\n" for name, values in kept for value in values) + b"\r\n"


def _digest(data: bytes) -> str:
    """The form that WARC tools use; it finds equal payloads and damage, and guards nothing."""
    return "sha1:" + base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()


def _record_id() -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"


def _date(now: datetime) -> str:
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
