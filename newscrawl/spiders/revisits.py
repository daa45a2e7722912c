"""Conditional requests for listings: one that has not changed costs an answer without a body, and no parsing."""

from __future__ import annotations

import logging
from datetime import timedelta
from hashlib import blake2b

from scrapy.http import Response

from newscrawl.spiders.crawl import Crawl
from newscrawl.storage.listings import ListingTable, Validators

logger = logging.getLogger(__name__)

# A server may say "not modified" for ever; once a day every listing is read in any case.
_TRUSTED = timedelta(days=1)
# A feed that has been quiet for FEED_QUIET_AFTER is read so often: 28 times in 28 days, not 672 times.
_REST = timedelta(days=1)
_MOST = 300  # characters of a validator: no server needs more, and the state keeps it


class Revisits:
    """Quotes what a listing said of itself, as far as that can hide no link.

    Nothing is quoted when `since` or `until` narrows the crawl, or when the source has been declared otherwise since
    (what was no article's address then may be one now); nothing is kept of a listing of which the state has not every
    link.
    """

    def __init__(self, crawl: Crawl) -> None:
        self._crawl = crawl
        self._table = ListingTable(crawl.state, crawl.source.name)
        self._lists_all = crawl.arguments.since is None and crawl.arguments.until is None
        pattern = crawl.source.article_url.pattern if crawl.source.article_url else ""
        declared = repr((pattern, sorted(crawl.source.domains), crawl.places.listing))
        self._declared = blake2b(declared.encode(), digest_size=8).hexdigest()

    def rests(self, url: str) -> bool:
        """Whether a feed has brought nothing new for so long that this run leaves it alone; counted and said."""
        after = timedelta(seconds=self._crawl.crawler.settings.getfloat("FEED_QUIET_AFTER"))
        if not after or not self._lists_all:
            return False
        since = self._table.quiet_since(url, self._declared, now=self._crawl.frontier.now(), after=after, rest=_REST)
        if since is None:
            return False
        self._crawl.count("listings/resting")
        self._crawl.turnover.read(url)
        logger.info("%s has brought nothing new since %s; it is read once a day", url, since)
        return True

    def headers(self, url: str) -> dict[str, str]:
        """The conditions of the request for a listing; none when it is to be read in any case."""
        known = self._table.validators(url) if self._lists_all else None
        if known is None or known.declared != self._declared or known.read is None:
            return {}
        if not timedelta(0) <= self._crawl.frontier.now() - known.read < _TRUSTED:
            return {}
        written = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
        return {name: value for name, value in written.items() if value}

    def is_unchanged(self, response: Response, url: str) -> bool:
        """Whether the answer for a listing says that it is as it was; if so, that is written down."""
        if response.status != 304:
            return False
        self._crawl.count("listings/read")
        self._crawl.count("listings/unchanged")
        self._crawl.turnover.read(url)
        self._table.unchanged(url, now=self._crawl.frontier.now())
        return True

    def read(self, response: Response, url: str, *, is_whole: bool, brought: bool) -> None:
        """A listing was read; `is_whole` says whether the frontier has every link of it, `brought` whether one was
        new."""
        etag, modified = (self._header(response, name) for name in ("ETag", "Last-Modified"))
        now = self._crawl.frontier.now()
        validators = Validators(etag, modified, self._declared, now) if is_whole and self._lists_all else None
        self._table.read(url, validators, brought=brought, now=now)

    @staticmethod
    def _header(response: Response, name: str) -> str | None:
        value = (response.headers.get(name) or b"").decode("latin-1")
        return value if value and len(value) <= _MOST else None
