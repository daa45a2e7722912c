"""The archive in Scrapy's HTTP cache seat: responses go into the session's WARC, or come out of one without a network.

The HTTP cache sits below decompression (900 against 590), so what is kept is what the socket gave and a replayed
response takes the same way up as a fresh one.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.http import Headers, Request, Response
from scrapy.responsetypes import responsetypes
from w3lib.url import canonicalize_url
from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed

from newscrawl.storage.archive import SUFFIX
from newscrawl.storage.errors import StorageError
from newscrawl.storage.session import Session, data_directory

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.settings import BaseSettings

logger = logging.getLogger(__name__)

_SEAT = "newscrawl.storage.warc.WarcCacheStorage"


def configure(settings: BaseSettings, *, replay: str | Path | None = None, priority: str = "addon") -> None:
    """Put the archive into the HTTP cache seat: to fill it, or with `replay` to read it and touch no network."""
    values: dict[str, Any] = {
        "HTTPCACHE_ENABLED": True,
        "HTTPCACHE_STORAGE": _SEAT,
        "HTTPCACHE_POLICY": "scrapy.extensions.httpcache.DummyPolicy",
        "HTTPCACHE_IGNORE_HTTP_CODES": [],
        "HTTPCACHE_IGNORE_MISSING": replay is not None,
    }
    if replay is not None:
        values |= {
            "ARCHIVE_REPLAY": str(replay),
            "ARCHIVE": False,
            # A request that asks for no cache must find no way out either.
            "DOWNLOAD_HANDLERS": dict.fromkeys(("http", "https", "ftp", "file", "data", "s3")),
            "DOWNLOAD_DELAY": 0,
            "AUTOTHROTTLE_ENABLED": False,
        }
    for name, value in values.items():
        settings.set(name, value, priority=priority)


@dataclass(frozen=True, slots=True)
class Archived:
    """One archived response; the body content-encoded as its headers say."""

    url: str
    status: int
    headers: Headers
    body: bytes
    archived_at: datetime
    path: Path
    offset: int

    def response(self) -> Response:
        """As Scrapy's downloader would give it, before decompression."""
        kind = responsetypes.from_args(headers=self.headers, url=self.url, body=self.body)
        return kind(url=self.url, status=self.status, headers=self.headers, body=self.body)


def archive_files(path: str | Path) -> list[Path]:
    """The WARC files of an `archive=` argument: a file, or a directory searched below; StorageError when none."""
    root = Path(path).expanduser()
    found = sorted(root.rglob(f"*{SUFFIX}")) if root.is_dir() else [root]
    if not found or not found[0].exists():
        raise StorageError(f"no WARC file at {root}")
    return found


def read_archive(path: str | Path) -> Iterator[Archived]:
    """The responses of WARC files (this project's or others'), in the order stored; StorageError when damaged."""
    for file in archive_files(path):
        with file.open("rb") as stream:
            records = ArchiveIterator(stream)
            try:
                for record in records:
                    if record.rec_type == "response" and record.http_headers is not None:
                        found = _archived(record, file, 0)
                        # Asking for the offset skips to the record's end, so the body is read first.
                        yield replace(found, offset=records.get_record_offset())
            except (ArchiveLoadFailed, OSError, EOFError) as error:
                raise StorageError(f"cannot read {file}: {_reason(error)}") from error


def archived_urls(path: str | Path) -> Iterator[str]:
    """The URLs of an archive's pages (HTML, status 200), each once, in the order stored: what a replay starts with."""
    seen = _Index()
    for archived in read_archive(path):
        kind = archived.headers.get("Content-Type") or b""
        if archived.status == 200 and b"html" in kind.lower() and seen.find(archived.url) is None:
            seen.add(archived.url, "", 0)
            yield archived.url


def read_response(path: Path, offset: int) -> Archived:
    """The one response whose record starts at an offset, as a stored article's `archive` names it."""
    try:
        with path.open("rb") as stream:
            stream.seek(offset)
            record = next(iter(ArchiveIterator(stream)), None)
            if record is not None and record.rec_type == "response" and record.http_headers is not None:
                return _archived(record, path, offset)
    except (ArchiveLoadFailed, OSError, EOFError) as error:
        raise StorageError(f"cannot read {path} at {offset}: {_reason(error)}") from error
    raise StorageError(f"{path} holds no response at {offset}")


def _reason(error: Exception) -> str:
    """One line: warcio quotes the bytes that it could not read."""
    if isinstance(error, ArchiveLoadFailed):
        return str(error).strip().splitlines()[0].partition(", first line:")[0]
    return str(error)


def _archived(record: Any, path: Path, offset: int) -> Archived:
    headers = Headers()
    chunked = False
    for name, value in record.http_headers.headers:
        if name.lower() == "transfer-encoding":
            chunked = "chunked" in value.lower()
        else:
            headers.appendlist(name, value.encode())
    stream = ChunkedDataReader(record.raw_stream) if chunked else record.raw_stream
    return Archived(
        url=record.rec_headers.get_header("WARC-Target-URI").strip("<>"),
        status=int(record.http_headers.get_statuscode() or 0),
        headers=headers,
        body=stream.read(),
        archived_at=_when(record.rec_headers.get_header("WARC-Date")),
        path=path,
        offset=offset,
    )


def _when(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class _Index:
    """Where each URL's last response lies; in an unnamed SQLite database, which spills to disk when large."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("")
        self._database.execute("CREATE TABLE found (url TEXT PRIMARY KEY, file TEXT, offset INTEGER) WITHOUT ROWID")

    def add(self, url: str, file: str, offset: int) -> None:
        self._database.execute("INSERT OR REPLACE INTO found VALUES (?, ?, ?)", (canonicalize_url(url), file, offset))

    def find(self, url: str) -> tuple[str, int] | None:
        query = "SELECT file, offset FROM found WHERE url = ?"
        found: tuple[str, int] | None = self._database.execute(query, (canonicalize_url(url),)).fetchone()
        return found


class WarcCacheStorage:
    """HTTPCACHE_STORAGE: archives when ARCHIVE is on, answers from ARCHIVE_REPLAY when that names a WARC.

    Puts {"file", "offset"} into request.meta["archive"]; a replayed request also gets meta["archived_at"], the time
    at which the response was received.
    """

    # Scrapy gives the spider by position.
    # ruff: noqa: ARG002
    def __init__(self, settings: BaseSettings) -> None:
        self._replay: str | None = settings.get("ARCHIVE_REPLAY")
        self._data_dir = data_directory(settings)
        self._index = _Index()
        self._session: Session | None = None

    def open_spider(self, spider: Spider) -> None:
        """Opens the session's archive, or reads the replayed one's record positions."""
        if self._replay is None:
            self._session = Session.of(spider.crawler)
            return
        count = 0
        for archived in read_archive(self._replay):
            self._index.add(archived.url, str(archived.path.absolute()), archived.offset)
            count += 1
        logger.info("replaying %d responses of %s", count, self._replay)

    def close_spider(self, spider: Spider) -> None:
        """Nothing to do: the session seals its archive."""

    def retrieve_response(self, spider: Spider, request: Request) -> Response | None:
        """The archived response of a replay; None when archiving, so that everything is fetched."""
        if self._replay is None or request.method != "GET":
            return None
        found = self._index.find(request.url)
        if found is None:
            return None
        path = Path(found[0])
        archived = read_response(path, found[1])
        inside = path.is_relative_to(self._data_dir)
        name = path.relative_to(self._data_dir).as_posix() if inside else str(path)
        request.meta["archive"] = {"file": name, "offset": archived.offset}
        request.meta["archived_at"] = archived.archived_at
        return archived.response()

    def store_response(self, spider: Spider, request: Request, response: Response) -> None:
        """Archive one response; when the disk refuses, the session ends the crawl."""
        if self._session is None or self._session.archive is None:
            return
        try:
            request.meta["archive"] = self._session.archive.write(request, response, now=datetime.now(UTC))
        except StorageError as error:
            self._session.halt(error)
