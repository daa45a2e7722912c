"""The requests for a publisher's feeds, sitemaps, sections and archives, and what becomes of the answers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from parsel import Selector
from scrapy import Request, signals
from scrapy.http import HtmlResponse, Response, TextResponse
from scrapy.utils.response import get_base_url
from twisted.python.failure import Failure

from newscrawl.discovery.archives import archive_pages
from newscrawl.discovery.feeds import parse_feed
from newscrawl.discovery.links import Link, Origin
from newscrawl.discovery.paging import next_page
from newscrawl.discovery.sections import parse_section, section_selector
from newscrawl.discovery.sitemaps import Sitemap, parse_sitemap, wanted
from newscrawl.loaders.time_limit import EXTRACT_TIMEOUT, TooSlowError, time_limit
from newscrawl.middlewares.outcomes import reason_of
from newscrawl.spiders.crawl import Crawl
from newscrawl.spiders.revisits import Revisits
from newscrawl.spiders.slow_pages import TOO_SLOW

logger = logging.getLogger(__name__)

# Pages of one section: on an ordinary visit, and on the way back to `since`.
SECTION_PAGES, BACKFILL_PAGES = 5, 500
# Sitemaps under sitemaps under sitemaps: two levels are the rule, a fourth is a trap.
SITEMAP_DEPTH = 3
MAX_SITEMAPS = 2000
_FIRST = 10  # before any article
# In the state, for each section: whether the last walk through its pages came to its end.
_WALK, _OPEN, _DONE = "walk", "open", "done"
# What says that a listing has links that were not read.
_LOSSES = frozenset({"too-many", "too-large", "broken-off", "not-closed"})
_BREATH = 500  # links between two looks at what else goes on
_Read = TypeVar("_Read")


class Listings:
    """Visits a publisher's listings; each link goes to the crawl's frontier."""

    def __init__(self, crawl: Crawl) -> None:
        self._crawl = crawl
        self._places = crawl.places
        self._frontier = crawl.frontier
        self._arguments = crawl.arguments
        self._sitemaps: set[str] = set()
        self._unfinished: set[str] = set()
        self._last_page: dict[str, list[str]] = {}
        self._revisits = Revisits(crawl)
        self._lost = 0
        crawl.crawler.signals.connect(self._raised, signals.spider_error)

    def requests(self) -> Iterator[Request]:
        """The requests that start a crawl."""
        for url in self._places.feeds:
            if not self._revisits.rests(url):
                yield self._request(url, self.parse_feed, self._revisits.headers(url))
        for url in self._places.sitemaps:
            yield from self._sitemap(url, 1)
        for url in self._places.sections:
            is_walked = self._crawl.state.note(self._walk(url)) == _DONE
            conditions = self._revisits.headers(url) if is_walked else None
            yield self._request(url, self.parse_section, conditions, section=url, number=1)

    def archive_requests(self) -> Iterator[Request]:
        """The requests for archive pages, newest first, when there is a `since` to go back to."""
        days = self._arguments.days(self._frontier.now(), ZoneInfo(self._crawl.source.publisher.timezone))
        if days is not None:
            for url in archive_pages(self._places.archives, *days):
                yield self._request(url, self.parse_archive)

    def _request(
        self, url: str, callback: object, conditions: dict[str, str] | None = None, **cb_kwargs: object
    ) -> Request:
        return Request(
            url,
            callback=callback,  # type: ignore[arg-type]
            errback=self.failed,
            headers=conditions or {},
            cb_kwargs=cb_kwargs,
            priority=_FIRST,
            dont_filter=True,
            # A feed may live elsewhere than the articles (feeds.bbci.co.uk); the links in it may not.
            meta={
                "allow_offsite": True,
                "newscrawl_listing": url,
                **({"handle_httpstatus_list": [304]} if conditions else {}),
            },
        )

    def _skip(self, reason: str) -> None:
        """Counts what a listing says and is not followed."""
        self._lost += reason in _LOSSES or reason.startswith("error-")
        self._frontier.skip(reason)

    def _losses(self) -> int:
        return self._lost + self._frontier.put_off

    def _sitemap(self, url: str, depth: int) -> Iterator[Request]:
        if url not in self._sitemaps and len(self._sitemaps) < MAX_SITEMAPS:
            self._sitemaps.add(url)
            yield self._request(url, self.parse_sitemap, self._revisits.headers(url), depth=depth)

    async def parse_feed(self, response: Response) -> None:
        url = response.meta["newscrawl_listing"]
        if self._revisits.is_unchanged(response, url):
            return
        before = self._losses()
        body, clock, charset = response.body, self._crawl.clock, _charset(response)
        links = self._in_time(
            url, lambda: parse_feed(body, response.url, clock=clock, charset=charset, skip=self._skip, texts=True)
        )
        if links is None:
            return
        new = self._add(response, links)
        self._revisits.read(response, url, is_whole=self._losses() == before, brought=new > 0)

    async def parse_sitemap(self, response: Response, depth: int) -> AsyncIterator[Request]:
        url = response.meta["newscrawl_listing"]
        if self._revisits.is_unchanged(response, url):
            return
        before = self._losses()
        further: list[Sitemap] = []
        count = new = 0
        entries = self._entries(response)
        while some := self._in_time(url, lambda: list(islice(entries, _BREATH))):
            count += len(some)
            for entry in some:
                if isinstance(entry, Link):
                    new += self._frontier.add(entry, url)
                else:
                    further.append(entry)
            await asyncio.sleep(0)
        self._note(response, count)
        # An index may stay as it is while the sitemaps that it names change.
        self._revisits.read(response, url, is_whole=not further and self._losses() == before, brought=new > 0)
        if depth < SITEMAP_DEPTH:
            for sitemap in wanted(further, self._arguments.since):
                if not self._is_near(sitemap.url, response.url):
                    self._frontier.skip("offsite")
                    continue
                for request in self._sitemap(sitemap.url, depth + 1):
                    yield request

    def _is_near(self, url: str, index: str) -> bool:
        """Whether a sitemap lies with the publisher or beside its index: an index must not send us anywhere else."""
        try:
            host = urlsplit(url).hostname or ""
        except ValueError:
            return False
        return self._frontier.source.owns(host) or host == urlsplit(index).hostname

    async def parse_section(self, response: Response, section: str, number: int) -> AsyncIterator[Request]:
        if self._revisits.is_unchanged(response, section):
            return
        before = self._losses()
        read = self._in_time(response.url, lambda: self._page_links(response, "section"))
        if read is None:
            return
        page, links = read
        new = self._add(response, links)
        note = self._walk(section)
        if number == 1 and self._crawl.state.note(note) != _DONE:
            self._unfinished.add(section)
        # Nothing new: either we have been here, or the site answers every page number with the same page. On a walk
        # that no run has finished, known links say little: a feed may list them, or a run was killed half-way.
        urls = [link.url for link in links]
        seen = not new and (section not in self._unfinished or urls == self._last_page.get(section, []))
        self._last_page[section] = urls
        if not seen and not self._frontier.all_too_old(links) and number < self._most_pages():
            assert page is not None
            further = self._next_page(page, response, section, number)
            if further and further != response.url:
                if section not in self._unfinished:
                    self._unfinished.add(section)
                    self._crawl.state.set_note(note, _OPEN)
                yield self._request(further, self.parse_section, section=section, number=number + 1)
                return
        # The links found on the way are in the state before it says that the walk is done.
        self._crawl.state.commit()
        self._crawl.state.set_note(note, _DONE)
        if number == 1:
            self._revisits.read(response, section, is_whole=self._losses() == before, brought=new > 0)

    def _next_page(self, page: Selector, response: Response, section: str, number: int) -> str | None:
        listing = self._places.listing
        return self._in_time(response.url, lambda: next_page(page, _base(response), section, number, listing))

    def _walk(self, section: str) -> str:
        return f"{_WALK} {self._frontier.source.name} {section}"

    def _most_pages(self) -> int:
        return BACKFILL_PAGES if self._arguments.since else SECTION_PAGES

    async def parse_archive(self, response: Response) -> None:
        links = self._in_time(response.url, lambda: self._archive_links(response))
        if links is not None:
            self._add(response, links)

    def _in_time(self, url: str, read: Callable[[], _Read]) -> _Read | None:
        """What is read; None after EXTRACT_TIMEOUT, when what is left of the listing is lost to this run."""
        try:
            with time_limit(self._crawl.crawler.settings.getfloat("EXTRACT_TIMEOUT", EXTRACT_TIMEOUT)):
                return read()
        except TooSlowError as error:
            self._lost += 1
            self._crawl.count(f"listings/raised/{TOO_SLOW}")
            logger.warning("cannot read the listing %s: %s", url, error)
            return None

    def _entries(self, response: Response) -> Iterator[Link | Sitemap]:
        clock, charset = self._crawl.clock, _charset(response)
        return parse_sitemap(response.body, response.url, clock=clock, charset=charset, skip=self._skip)

    def _archive_links(self, response: Response) -> list[Link]:
        if isinstance(response, HtmlResponse):
            return self._page_links(response, "archive")[1]
        return [entry for entry in self._entries(response) if isinstance(entry, Link)]

    def _page_links(self, response: Response, origin: Origin) -> tuple[Selector | None, list[Link]]:
        """A page and the links to articles in it; None and no links of what is no text."""
        if not isinstance(response, TextResponse):
            return None, []
        page = section_selector(response.text)
        source = self._frontier.source
        assert source.article_url is not None
        return page, parse_section(
            page,
            _base(response),
            listing=self._places.listing,
            article_url=source.article_url,
            owns=source.owns,
            clock=self._crawl.clock,
            origin=origin,
            skip=self._skip,
        )

    def _add(self, response: Response, links: Iterable[Link]) -> int:
        """Hands links to the frontier; how many of them were never seen before."""
        count = new = 0
        listing = response.meta["newscrawl_listing"]
        for link in links:
            count += 1
            new += self._frontier.add(link, listing)
        self._note(response, count)
        return new

    def _note(self, response: Response, links: int) -> None:
        """A listing that lists nothing is how a redesign or a wall in the publisher's way shows first."""
        self._crawl.count("listings/read" if links else "listings/empty")
        if links:
            self._crawl.turnover.read(response.meta["newscrawl_listing"])
        else:
            logger.warning("no links in %s", response.url)

    def _raised(self, failure: Failure, response: Response | None) -> None:
        """An error of ours while a listing was read: what stands behind it in the listing is lost to this run."""
        if response is not None and "newscrawl_id" not in response.meta:
            self._crawl.count(f"listings/raised/{type(failure.value).__name__}")

    def failed(self, failure: Failure) -> None:
        """Counts and reports a listing that could not be had."""
        assert failure.value is not None
        reason = reason_of(failure.value)
        self._crawl.count(f"listings/failed/{reason}")
        request: Request = failure.request  # type: ignore[attr-defined]
        logger.warning("cannot read the listing %s: %s", request.url, reason)


def _charset(response: Response) -> str | None:
    return response._declared_encoding() if isinstance(response, TextResponse) else None


def _base(response: Response) -> str:
    """What the links of a page start from; a base that is no address is none."""
    try:
        return get_base_url(response) if isinstance(response, TextResponse) else response.url
    except ValueError:
        return response.url
