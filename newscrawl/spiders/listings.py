"""The requests for a publisher's feeds, sitemaps, sections and archives, and what becomes of the answers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Iterator
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from scrapy import Request
from scrapy.http import HtmlResponse, Response, TextResponse
from scrapy.utils.response import get_base_url
from twisted.python.failure import Failure

from newscrawl.discovery.archives import archive_pages
from newscrawl.discovery.feeds import parse_feed
from newscrawl.discovery.links import Link, Origin
from newscrawl.discovery.sections import next_page, parse_section
from newscrawl.discovery.sitemaps import Sitemap, parse_sitemap, wanted
from newscrawl.middlewares.outcomes import reason_of
from newscrawl.spiders.crawl import Crawl

logger = logging.getLogger(__name__)

# Pages of one section: on an ordinary visit, and on the way back to `since`.
SECTION_PAGES, BACKFILL_PAGES = 5, 500
# Sitemaps under sitemaps under sitemaps: two levels are the rule, a fourth is a trap.
SITEMAP_DEPTH = 3
MAX_SITEMAPS = 2000
_FIRST = 10  # before any article
# In the state, for each section: whether the last walk through its pages came to its end.
_WALK, _OPEN, _DONE = "walk", "open", "done"
_BREATH = 500  # links between two looks at what else goes on


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

    def requests(self) -> Iterator[Request]:
        """The requests that start a crawl."""
        for url in self._places.feeds:
            yield self._request(url, self.parse_feed)
        for url in self._places.sitemaps:
            yield from self._sitemap(url, 1)
        for url in self._places.sections:
            yield self._request(url, self.parse_section, section=url, number=1)

    def archive_requests(self) -> Iterator[Request]:
        """The requests for archive pages, newest first, when there is a `since` to go back to."""
        days = self._arguments.days(self._frontier.now(), ZoneInfo(self._crawl.source.publisher.timezone))
        if days is not None:
            for url in archive_pages(self._places.archives, *days):
                yield self._request(url, self.parse_archive)

    def _request(self, url: str, callback: object, **cb_kwargs: object) -> Request:
        return Request(
            url,
            callback=callback,  # type: ignore[arg-type]
            errback=self.failed,
            cb_kwargs=cb_kwargs,
            priority=_FIRST,
            dont_filter=True,
            # A feed may live elsewhere than the articles (feeds.bbci.co.uk); the links in it may not.
            meta={"allow_offsite": True},
        )

    def _sitemap(self, url: str, depth: int) -> Iterator[Request]:
        if url not in self._sitemaps and len(self._sitemaps) < MAX_SITEMAPS:
            self._sitemaps.add(url)
            yield self._request(url, self.parse_sitemap, depth=depth)

    async def parse_feed(self, response: Response) -> None:
        charset = response._declared_encoding() if isinstance(response, TextResponse) else None
        links = parse_feed(
            response.body, response.url, clock=self._crawl.clock, charset=charset, skip=self._frontier.skip
        )
        self._add(response, links)

    async def parse_sitemap(self, response: Response, depth: int) -> AsyncIterator[Request]:
        further: list[Sitemap] = []
        count = 0
        for entry in self._entries(response):
            count += 1
            if isinstance(entry, Link):
                self._frontier.add(entry)
            else:
                further.append(entry)
            if count % _BREATH == 0:
                await asyncio.sleep(0)
        self._note(response, count)
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
        links = self._page_links(response, "section")
        new = self._add(response, links)
        note = f"{_WALK} {self._frontier.source.name} {section}"
        if number == 1 and self._crawl.state.note(note) != _DONE:
            self._unfinished.add(section)
        # Nothing new: either we have been here, or the site answers every page number with the same page. On a walk
        # that no run has finished, known links say little: a feed may list them, or a run was killed half-way.
        urls = [link.url for link in links]
        seen = not new and (section not in self._unfinished or urls == self._last_page.get(section, []))
        self._last_page[section] = urls
        if not seen and not self._frontier.all_too_old(links) and number < self._most_pages():
            assert isinstance(response, TextResponse)
            further = next_page(response.selector, get_base_url(response), section, number, self._places.listing)
            if further and further != response.url:
                if section not in self._unfinished:
                    self._unfinished.add(section)
                    self._crawl.state.set_note(note, _OPEN)
                yield self._request(further, self.parse_section, section=section, number=number + 1)
                return
        # The links found on the way are in the state before it says that the walk is done.
        self._crawl.state.commit()
        self._crawl.state.set_note(note, _DONE)

    def _most_pages(self) -> int:
        return BACKFILL_PAGES if self._arguments.since else SECTION_PAGES

    async def parse_archive(self, response: Response) -> None:
        if isinstance(response, HtmlResponse):
            self._add(response, self._page_links(response, "archive"))
            return
        self._add(response, (entry for entry in self._entries(response) if isinstance(entry, Link)))

    def _entries(self, response: Response) -> Iterator[Link | Sitemap]:
        return parse_sitemap(response.body, response.url, clock=self._crawl.clock, skip=self._frontier.skip)

    def _page_links(self, response: Response, origin: Origin) -> list[Link]:
        if not isinstance(response, TextResponse):
            return []
        source = self._frontier.source
        assert source.article_url is not None
        return parse_section(
            response.selector,
            get_base_url(response),
            listing=self._places.listing,
            article_url=source.article_url,
            owns=source.owns,
            clock=self._crawl.clock,
            origin=origin,
        )

    def _add(self, response: Response, links: Iterable[Link]) -> int:
        """Hands links to the frontier; how many of them were never seen before."""
        count = new = 0
        for link in links:
            count += 1
            new += self._frontier.add(link)
        self._note(response, count)
        return new

    def _note(self, response: Response, links: int) -> None:
        """A listing that lists nothing is how a redesign or a wall in the publisher's way shows first."""
        self._crawl.count("listings/read" if links else "listings/empty")
        if not links:
            logger.warning("no links in %s", response.url)

    def failed(self, failure: Failure) -> None:
        """Counts and reports a listing that could not be had."""
        assert failure.value is not None
        reason = reason_of(failure.value)
        self._crawl.count(f"listings/failed/{reason}")
        request: Request = failure.request  # type: ignore[attr-defined]
        logger.warning("cannot read the listing %s: %s", request.url, reason)
