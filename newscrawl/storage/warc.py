"""The archive in Scrapy's HTTP cache seat: responses go into the session's WARC, or come out of one without a network.

The HTTP cache sits below decompression (900 against 590), so what is kept is what the socket gave and a replayed
response takes the same way up as a fresh one.
"""

from __future__ import annotations

import logging
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.http import Headers, Request, Response
from scrapy.responsetypes import responsetypes
from w3lib.url import canonicalize_url

from newscrawl.storage.archive import SUFFIX
from newscrawl.storage.errors import StorageError
from newscrawl.storage.locations import data_directory
from newscrawl.storage.session import Session
from newscrawl.storage.warc_records import ArchivedResponse, Trouble, response_at, responses

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
    """One archived response as Scrapy knows them; the body content-encoded as its headers say."""

    url: str
    status: int
    headers: Headers
    body: bytes
    archived_at: datetime
    path: Path
    offset: int

    @classmethod
    def of(cls, found: ArchivedResponse) -> Archived:
        """The record in Scrapy's terms."""
        headers = Headers()
        for name, value in found.headers:
            headers.appendlist(name, value)
        return cls(found.url, found.status, headers, found.body, found.archived_at, found.path, found.offset)

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


def read_archive(path: str | Path, on_trouble: Callable[[Trouble], None] | None = None) -> Iterator[Archived]:
    """The responses of WARC files (this project's or others'), in the order stored.

    What cannot be read is passed over and told to `on_trouble`. StorageError for a file that is no archive at all.
    """
    for file in archive_files(path):
        for found in responses(file, on_trouble or _unheard):
            if is_web_address(found.url):
                yield Archived.of(found)
            elif on_trouble:
                on_trouble(Trouble(file, found.offset, "no-web-address"))


def is_web_address(url: str) -> bool:
    """Whether a request could be made of it: http or https, with a host."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _unheard(trouble: Trouble) -> None:
    """For a second reading: the first one told."""


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
    return Archived.of(response_at(path, offset))


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
        troubles: Counter[str] = Counter()

        def note(trouble: Trouble) -> None:
            troubles[trouble.reason] += 1
            logger.warning("%s: passed over at %d: %s", trouble.path, trouble.offset, trouble.reason)
            if spider is not None:
                spider.crawler.stats.inc_value(f"newscrawl/archive-damage/{trouble.reason}")

        for archived in read_archive(self._replay, note):
            self._index.add(archived.url, str(archived.path.absolute()), archived.offset)
            count += 1
        logger.info("replaying %d responses of %s; passed over: %s", count, self._replay, dict(troubles) or "none")

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
