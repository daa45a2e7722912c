"""What a replay starts with: an archive's pages, each with what the listings in the same archive say of it."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urljoin

from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import HtmlResponse, Response, TextResponse
from scrapy.utils.response import get_base_url
from w3lib.url import canonicalize_url

from newscrawl.discovery.feeds import parse_feed
from newscrawl.discovery.hints import Clock
from newscrawl.discovery.links import Link, Told
from newscrawl.discovery.sections import parse_section, section_selector
from newscrawl.discovery.sitemaps import parse_sitemap
from newscrawl.middlewares.charset import CharsetMiddleware
from newscrawl.middlewares.outcomes import WALLED, reason_of
from newscrawl.middlewares.reserved import ArchivedRights
from newscrawl.spiders.crawl import Crawl
from newscrawl.storage.warc import Archived, archived_urls, read_archive

logger = logging.getLogger(__name__)


class Replay:
    """What an archive tells of its pages, in an unnamed SQLite database, which spills to disk when large.

    Of several listings the first in the archive counts, as the first that is read does in a crawl.
    """

    def __init__(self, crawl: Crawl, archive: Path) -> None:
        self._crawl = crawl
        self._archive = archive
        self._source = crawl.source
        self._declared = {*crawl.places.feeds, *crawl.places.sitemaps}
        self._database = sqlite3.connect("")
        self._database.execute("CREATE TABLE hints (id TEXT PRIMARY KEY, hint TEXT, told TEXT) WITHOUT ROWID")
        self._database.execute("CREATE TABLE walled (url TEXT PRIMARY KEY) WITHOUT ROWID")
        self._database.execute("CREATE TABLE reserved (url TEXT PRIMARY KEY, names TEXT) WITHOUT ROWID")
        self._rights = ArchivedRights()

    def links(self) -> Iterator[Link]:
        """The links of the archive's pages, with what its listings say of each; StorageError when it is damaged."""
        self._read()
        for url in archived_urls(self._archive):
            yield self._hinted(url)
        yield from self._told_instead()

    def reserved(self, url: str) -> list[str]:
        """What the site reserved of a page when it was crawled."""
        query = "SELECT names FROM reserved WHERE url = ?"
        found = self._database.execute(query, (canonicalize_url(url),)).fetchone()
        return str(found[0]).split() if found else []

    def _read(self) -> None:
        """Take in every listing of the archive; one that cannot be read is counted, as in a crawl."""
        for archived in read_archive(self._archive):
            if self._rights.is_about(archived.url):
                self._take_rights(archived)
                continue
            if archived.status == 200 or archived.status in WALLED:
                self._note_reserved(archived.url)
            if 300 <= archived.status < 400:
                self._follow(archived)
            elif archived.status == 200 and self._id(archived.url) is None:
                try:
                    for link in self._links(archived):
                        told = link.told.to_json() if link.told else ""
                        self._add(self._id(link.url), (json.dumps(link.to_hint()), told))
                except Exception as error:  # noqa: BLE001 (whatever is wrong with a listing, the articles are there)
                    self._crawl.count(f"listings/failed/{reason_of(error)}")
                    logger.warning("cannot read the archived listing %s: %s", archived.url, reason_of(error))
            elif archived.status in WALLED:
                self._database.execute("INSERT OR IGNORE INTO walled VALUES (?)", (archived.url,))
        (count,) = self._database.execute("SELECT count(*) FROM hints").fetchone()
        logger.info("the listings in %s speak of %d articles", self._archive, count)

    def _take_rights(self, archived: Archived) -> None:
        try:
            self._rights.take(self._decoded(archived))
        except Exception as error:  # noqa: BLE001 (a robots.txt that cannot be unpacked reserves nothing)
            logger.warning("cannot read the archived %s: %s", archived.url, reason_of(error))

    def _note_reserved(self, url: str) -> None:
        """Of several answers of a page the last one is replayed."""
        row = (canonicalize_url(url), " ".join(self._rights.at(url)))
        if row[1]:
            self._database.execute("INSERT OR REPLACE INTO reserved VALUES (?, ?)", row)
        else:
            self._database.execute("DELETE FROM reserved WHERE url = ?", row[:1])

    def _hinted(self, url: str) -> Link:
        """The link to a page, with the hint for it if there is one."""
        hint, told = self._find(self._id(url)) or (None, None)
        return replace(Link.from_hint(url, json.loads(hint) if hint else None), told=Told.from_json(told))

    def _told_instead(self) -> Iterator[Link]:
        """The articles behind a wall that a feed in the archive tells."""
        for (url,) in self._database.execute("SELECT url FROM walled"):
            link = self._hinted(url)
            if link.told is not None and link.told.text:
                yield link

    def _id(self, url: str) -> str | None:
        found = self._crawl.identifier.identify(url)
        return found[0] if found else None

    def _find(self, id_: str | None) -> tuple[str, str] | None:
        found = self._database.execute("SELECT hint, told FROM hints WHERE id = ?", (id_,)).fetchone()
        return tuple(found) if found else None

    def _add(self, id_: str | None, hint: tuple[str, str] | None) -> None:
        if id_ is not None and hint is not None:
            self._database.execute("INSERT OR IGNORE INTO hints VALUES (?, ?, ?)", (id_, *hint))

    def _follow(self, archived: Archived) -> None:
        """A listing may name the article by a URL that only leads to it."""
        target = (archived.headers.get("Location") or b"").decode("utf-8", "replace")
        try:
            self._add(self._id(urljoin(archived.url, target)), self._find(self._id(archived.url)))
        except ValueError:
            self._crawl.frontier.skip("malformed")

    def _links(self, archived: Archived) -> Iterable[Link]:
        response = self._decoded(archived)
        # "Two hours ago" is told from the moment at which the listing came.
        clock = Clock(archived.archived_at, self._source.publisher.timezone, self._source.zone_is_known)
        if isinstance(response, HtmlResponse) and archived.url not in self._declared:
            return self._section_links(response, clock)
        charset = response._declared_encoding() if isinstance(response, TextResponse) else None
        links = parse_feed(response.body, response.url, clock=clock, charset=charset, texts=True)
        entries = parse_sitemap(response.body, response.url, clock=clock) if not links else ()
        return links or (entry for entry in entries if isinstance(entry, Link))

    def _section_links(self, response: HtmlResponse, clock: Clock) -> list[Link]:
        assert self._source.article_url is not None
        return parse_section(
            section_selector(response.text),
            get_base_url(response),
            listing=self._crawl.places.listing,
            article_url=self._source.article_url,
            owns=self._source.owns,
            clock=clock,
        )

    def _decoded(self, archived: Archived) -> Response:
        """The response as it would come up to a callback."""
        crawler, response = self._crawl.crawler, archived.response()
        if decompression := crawler.get_downloader_middleware(HttpCompressionMiddleware):
            plain = decompression.process_response(Request(response.url), response)
            assert isinstance(plain, Response)
            response = plain
        if charset := crawler.get_downloader_middleware(CharsetMiddleware):
            response = charset.process_response(Request(response.url), response)
        return response
