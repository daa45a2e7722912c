"""NewsSpider: what every publisher's file declares, and how a source is crawled."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import chain
from typing import Any, ClassVar, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse
from scrapy.settings import BaseSettings
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from newscrawl.discovery.hints import Clock
from newscrawl.discovery.links import Link
from newscrawl.discovery.other_pages import article_pattern
from newscrawl.discovery.sections import Listing
from newscrawl.extraction.body.memory import RecurringLines
from newscrawl.extraction.page.page import PageError
from newscrawl.extraction.rules import Rules
from newscrawl.extraction.source import Publisher, Source
from newscrawl.items import ArchiveRef, Article
from newscrawl.loaders import load_article
from newscrawl.middlewares.outcomes import Postponed, reason_of
from newscrawl.spiders.arguments import Arguments
from newscrawl.spiders.frontier import Frontier
from newscrawl.spiders.listings import Listings
from newscrawl.spiders.replay import replayed_links
from newscrawl.storage.errors import StorageError
from newscrawl.storage.rows import UrlRow
from newscrawl.storage.session import Session
from newscrawl.storage.warc import configure

_GONE = frozenset({404, 410})
# How many requests may be under way for each that the publisher's server gets at once: enough to keep it busy. All
# others wait in the state, where they cost no memory, and where a crawl that is told to stop need not wait for them.
_UNDER_WAY = 4


class NewsSpider(Spider):
    """The crawl of one publisher; a publisher's file only fills in these attributes.

    article_url   a regular expression that finds articles, and only them, in decoded URLs without "www."; its named
                  groups are what identifies an article. Behind a word of discovery/tables/other_pages.txt ("tag",
                  "author") nothing is found, unless the expression writes that word itself
    feeds, sitemaps, sections   where links come from; `listing` says how section pages are read
    archives      date patterns of archive pages (discovery.archives), visited when `since` is given
    rules         where the fields stand on the pages (extraction.rules)
    verified      the day of the page that the rules were checked on; None: unverified
    feed_seen     the day of the newest public list in which one of the feeds answered; None: nobody reported it
    obstacles     what others met there, in one line: "403 to plain clients, 2026-08"; None: nothing is known
    every         seconds between two visits, as a hint to whoever plans them; None: as the listings suggest
    formerly      names under which articles of this publisher were stored before: their ids hold
    false_utc, month_first, own_names   see extraction.source.Source
    hours         when the publisher may be visited, on its own clock: "22:00-06:00"; None: at any time
    verify_certificates   False for a publisher whose certificate is broken; `scrapy sources` shows it

    Arguments: see spiders.arguments.Arguments. ArgumentError for what cannot be used.
    """

    publisher: ClassVar[Publisher]
    allowed_domains: ClassVar[list[str]]
    article_url: ClassVar[str]
    feeds: ClassVar[list[str]] = []
    sitemaps: ClassVar[list[str]] = []
    sections: ClassVar[list[str]] = []
    listing: ClassVar[Listing] = Listing()
    archives: ClassVar[list[str]] = []
    rules: ClassVar[list[Rules]] = []
    verified: ClassVar[str | None] = None
    false_utc: ClassVar[bool] = False
    month_first: ClassVar[bool] = False
    own_names: ClassVar[frozenset[str]] = frozenset()
    feed_seen: ClassVar[str | None] = None
    obstacles: ClassVar[str | None] = None
    every: ClassVar[float | None] = None
    formerly: ClassVar[list[str]] = []
    hours: ClassVar[str | None] = None
    verify_certificates: ClassVar[bool] = True

    arguments: Arguments
    frontier: Frontier

    def __init__(self, name: str | None = None, **arguments: Any) -> None:
        super().__init__(name)
        zone = self.publisher.timezone
        self.clock = Clock(datetime.now(UTC), zone)
        self.arguments = Arguments.read(arguments, now=self.clock.now, timezone=zone)

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        if not cls.verify_certificates:
            settings.set("DOWNLOAD_VERIFY_CERTIFICATES", False, priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        if spider.arguments.archive:
            configure(crawler.settings, replay=spider.arguments.archive, priority="spider")
        return spider

    @classmethod
    @cache
    def source(cls) -> Source:
        """What extraction needs to know of this publisher."""
        return Source(
            name=cls.name,
            publisher=cls.publisher,
            domains=tuple(cls.allowed_domains),
            article_url=article_pattern(cls.article_url),
            rules=tuple(cls.rules),
            false_utc=cls.false_utc,
            month_first=cls.month_first,
            own_names=cls.own_names,
        )

    async def start(self) -> AsyncIterator[Any]:
        """Listings, then articles as fast as they are wanted, until nothing is listed, due or under way."""
        assert self.crawler.stats is not None
        self.session = Session.of(self.crawler)
        self.state = self.session.state
        printed = timedelta(seconds=self.settings.getfloat("JUST_PRINTED", 60))
        self.frontier = Frontier(self.source(), self.state, self.arguments, self.crawler.stats, printed)
        learns = self.settings.getbool("LEARN_BOILERPLATE", False)
        self.memory = RecurringLines.load(self.state.note(self._memory_note)) if learns else None
        self.listings = Listings(self)
        self._awake = asyncio.Event()
        self.crawler.signals.connect(self._wake, signals.scheduler_empty)
        self.crawler.signals.connect(self._parsing_failed, signals.spider_error)
        self._first = chain(self._listed(), self._given())
        self._archive_pages = iter(()) if self._is_told else self.listings.archive_requests()
        while True:
            has_room = self._has_room()
            request = self._next_request() if has_room and not self.frontier.is_full else None
            if request is not None:
                yield request
            elif has_room and self._is_idle():
                return
            else:
                await self._pause()

    def _next_request(self) -> Request | None:
        """What to ask for next; nothing, and the crawl ends, when the state or the archive cannot be read."""
        try:
            return next(self._first, None) or self._next_article() or next(self._archive_pages, None)
        except StorageError as error:
            self.session.halt(error)
            return None

    @property
    def _memory_note(self) -> str:
        """Under which key the state keeps what was learned of this publisher's boilerplate."""
        return f"recurring-lines:{self.name}"

    def closed(self, _reason: str) -> None:
        """Keeps what the run has learned; a run whose state failed has nothing to keep it in."""
        if "session" in vars(self) and self.session.error is None and self.memory is not None:
            self.state.set_note(self._memory_note, self.memory.dump())

    @property
    def _is_told(self) -> bool:
        """Whether the user said which articles to read, so that nothing else is looked for."""
        return self.arguments.urls is not None or self.arguments.archive is not None

    def _listed(self) -> Iterator[Request]:
        if not self._is_told:
            yield from self.listings.requests()

    def _given(self) -> Iterator[Request]:
        replayed = self.arguments.archive
        links = replayed_links(self, replayed) if replayed else map(Link, self.arguments.given_urls())
        for link in links:
            row = self.frontier.add_given(link, again=replayed is not None)
            if row is not None:
                yield self._article_request(row)

    def _next_article(self) -> Request | None:
        row = None if self._is_told else self.frontier.next()
        return self._article_request(row) if row else None

    def _wake(self) -> None:
        self._awake.set()

    async def _pause(self) -> None:
        """Until the engine has looked for work and found none, or half a second."""
        self._awake.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._awake.wait(), 0.5)

    def _has_room(self) -> bool:
        engine = self.crawler.engine
        assert engine is not None
        waiting = len(engine.scheduler)  # type: ignore[arg-type]
        at_once = self.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN") or self.settings.getint("CONCURRENT_REQUESTS")
        return not engine.needs_backout() and waiting + len(engine.downloader.active) < _UNDER_WAY * at_once

    def _is_idle(self) -> bool:
        """Whether no request is queued, on its way or being parsed: then no further link can turn up."""
        engine = self.crawler.engine
        assert engine is not None
        assert engine.scheduler is not None
        assert engine.scraper.slot is not None
        return (
            engine.scraper.slot.is_idle()
            and not engine.downloader.active
            and not engine.scheduler.has_pending_requests()
        )

    def _article_request(self, row: UrlRow) -> Request:
        headers = {}
        if row.status == "done":
            headers = {"If-None-Match": row.etag, "If-Modified-Since": row.last_modified}
        return Request(
            row.url,
            callback=self.parse_article,
            errback=self.article_failed,
            headers={name: value for name, value in headers.items() if value},
            cb_kwargs={"id_": row.id},
            meta={"newscrawl_id": row.id, "newscrawl_hint": row.hint, "handle_httpstatus_list": [304]},
            dont_filter=True,  # the frontier hands out every article once, and remembers less
        )

    async def parse_article(self, response: Response, id_: str) -> AsyncIterator[Article]:
        """The Article of a page, unless the page has not changed or is not the article that was asked for."""
        now = self.frontier.now()
        if response.status == 304:
            self.state.unchanged(self.name, id_, now=now)
            self.count("unchanged")
            self.frontier.gave_none()
            return
        arrived = self.frontier.arrive(id_, response.url)
        if arrived is None:
            return
        if not isinstance(response, TextResponse):
            self._give_up(arrived.id, "not-a-page")
            return
        try:
            article = load_article(
                response.body,
                url=response.url,
                headers={str(name): value for name, value in response.headers.to_unicode_dict().items()},
                source=self.source(),
                fetched_at=response.meta.get("archived_at") or now,
                hint=Link.from_hint(arrived.url, arrived.hint or response.meta["newscrawl_hint"]),
                memory=self.memory,
                learn=arrived.version == 0,
            )
        except PageError:
            self._give_up(arrived.id, "not-a-page")
            return
        if article.published_at and self.frontier.out_of_range(self.clock.read(article.published_at)):
            self.frontier.gave_none()
            return
        if archive := response.meta.get("archive"):
            article.archive = ArchiveRef(**archive)
        etag, modified = (response.headers.get(name) for name in ("ETag", "Last-Modified"))
        self.state.validators(self.name, arrived.id, *(v.decode("latin-1") if v else None for v in (etag, modified)))
        yield article

    def article_failed(self, failure: Failure) -> None:
        """Writes down in the state why a page could not be had."""
        request: Request = failure.request  # type: ignore[attr-defined]
        id_ = request.cb_kwargs["id_"]
        error = failure.value
        assert error is not None
        if isinstance(error, Postponed):
            self.frontier.was_postponed()
        elif isinstance(error, HttpError) and error.response.status in _GONE:
            self._give_up(id_, reason_of(error))
        else:
            self._fail(id_, reason_of(error))

    def _parsing_failed(self, failure: Failure, response: Response | None) -> None:
        """An error of ours while a page was parsed: the page is tried again another day, not at once and for ever."""
        id_ = response.meta.get("newscrawl_id") if response else None
        if id_:
            self._fail(id_, f"error-{type(failure.value).__name__}")

    def _give_up(self, id_: str, reason: str) -> None:
        self.state.gone(self.name, id_, reason, now=self.frontier.now())
        self.count(f"gone/{reason}")
        self.frontier.gave_none()

    def _fail(self, id_: str, reason: str) -> None:
        self.state.fail(self.name, id_, reason, now=self.frontier.now())
        self.count(f"failed/{reason}")
        self.frontier.gave_none()

    def count(self, what: str) -> None:
        """Adds one to the stat "newscrawl/<what>"."""
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value(f"newscrawl/{what}")
