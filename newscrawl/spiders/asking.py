"""Discovery over the network: what a site's home page, robots.txt and usual paths say it offers."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse
from scrapy.http.request import NO_CALLBACK

from newscrawl.discovery.feed_links import is_feed_service
from newscrawl.discovery.feeds import parse_feed
from newscrawl.discovery.hints import Clock
from newscrawl.discovery.identity import normalise_url
from newscrawl.discovery.links import Link
from newscrawl.discovery.shapes import Shapes, learn
from newscrawl.discovery.sitemaps import Sitemap, parse_sitemap, telling
from newscrawl.discovery.sites import Offer, SiteReader
from newscrawl.middlewares.charset import header_texts
from newscrawl.middlewares.outcomes import Blocked, reason_of
from newscrawl.storage.site_rules import SiteRecords
from newscrawl.urls import host_of, is_below

logger = logging.getLogger(__name__)

# Requests to a site in one discovery, robots.txt and redirects aside.
MOST_REQUESTS = 15
USUAL_FEEDS = ("/feed", "/rss", "/rss.xml", "/feeds", "/atom.xml")
FIRST_FEEDS = ("/feed", "/rss.xml")
USUAL_SITEMAPS = ("/sitemap.xml", "/sitemap_index.xml", "/news-sitemap.xml", "/sitemap-news.xml", "/wp-sitemap.xml")
# Feeds and sitemaps that are read for the shape of their addresses.
_FEEDS_READ, _SITEMAPS_READ = 3, 3
# Addresses that teach a shape by themselves; below them the home page's stories are asked, too.
_ENOUGH = 5
_MOST_ENTRIES = 20_000
# Addresses that are remembered to show what is a story and what is none.
_EXAMPLES = 10


@dataclass(slots=True)
class Found:
    """What a site offers, as it is remembered: addresses, the shape of stories, what each listing yielded."""

    feeds: list[str] = field(default_factory=list)
    sitemaps: list[str] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    articles: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    article_url: str = ""
    domains: list[str] = field(default_factory=list)
    title: str = ""
    path: str = "/"
    yields: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, data: dict[str, Any]) -> Found:
        """What was remembered."""
        return cls(**{name: data[name] for name in cls.__dataclass_fields__ if name in data})

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found that stories could come from."""
        return not (self.feeds or self.sitemaps or self.sections or self.articles)


async def explore(
    crawler: Crawler, home: str, records: SiteRecords, *, given: list[str] | None = None, anew: bool = False
) -> Found:
    """What a site offers: as it said in the last 30 days, else, or `anew`, asked for and remembered. StorageError."""
    now = datetime.now(UTC)
    asked = " ".join([home, *(given or ())])
    remembered = None if anew else records.discovery(asked, now)
    if remembered is not None:
        return Found.of(remembered)
    found = await Asking(crawler, home, Clock(now), given or []).ask()
    if not found.is_empty:
        records.remember(asked, {name: getattr(found, name) for name in Found.__dataclass_fields__}, now)
    return found


class Asking:
    """One discovery. Nothing that a server answers or fails to answer raises."""

    def __init__(self, crawler: Crawler, home: str, clock: Clock, given: list[str]) -> None:
        self._crawler = crawler
        self._home = home
        self._clock = clock
        self._given = given
        self._reader = SiteReader(home)
        self._asked = 0
        self._listed: list[Link] = []
        self._in_maps: list[str] = []
        self._found = Found()

    async def ask(self) -> Found:
        """What the site offers; empty when nothing could be had."""
        found = self._found
        offer = Offer(feeds=list(self._given)) if self._given else await self._home_page()
        found.sections, found.articles = offer.sections, offer.articles
        scope = offer.scope
        found.path = scope.own_path if scope else "/"
        # Below the site's own path first; what lies at the root of an edition's domain may be in all its languages.
        below = [urljoin(self._home, scope.path.rstrip("/"))] if scope and scope.path != "/" else []
        root = [] if found.path != "/" else [urljoin(self._home, "/").rstrip("/")]
        found.feeds = [url for url in offer.feeds if await self._is_feed(url)]
        if not found.feeds and not self._given:
            usual = [f"{base}{path}" for base in below for path in (USUAL_FEEDS if found.path != "/" else FIRST_FEEDS)]
            usual += [f"{base}{path}" for base in root for path in USUAL_FEEDS]
            found.feeds = [url async for url in self._first_of(usual, self._is_feed)]
        found.sitemaps = list(offer.sitemaps)
        if not found.sitemaps and not self._given:
            usual = [urljoin(self._home, path) for path in USUAL_SITEMAPS]
            found.sitemaps = [url async for url in self._first_of(usual, self._is_sitemap)]
        elif not found.feeds:
            for url in found.sitemaps[:_SITEMAPS_READ]:
                await self._is_sitemap(url)
        if offer.articles and not (found.feeds or found.sitemaps):
            # What no listing is announced for stands on the home page first, and on some sites nowhere else.
            found.sections = list(dict.fromkeys([self._reader.url, *found.sections]))
        found.article_url = self._shapes(offer).article_url
        found.domains = self._domains()
        shapes = Shapes(found.article_url)
        listed = [*(link.url for link in self._listed), *offer.articles]
        found.articles = [url for url in dict.fromkeys(listed) if shapes.identity(url) is not None][:_EXAMPLES]
        others = dict.fromkeys((*offer.sections, *offer.others))
        found.others = [url for url in others if shapes.identity(url) is None][:_EXAMPLES]
        return found

    async def _home_page(self) -> Offer:
        robots = await self._get(urljoin(self._home, "/robots.txt"))
        if robots is not None and robots.status == 200:
            self._reader.read_robots(robots.body)
        home = await self._get(self._home)
        if home is None:
            return self._reader.offer()
        if normalise_url(home.url) != normalise_url(self._home):
            # Sent on to an edition, or to another spelling of the host: that is the home page.
            moved = SiteReader(home.url, self._home)
            moved.read_robots(robots.body if robots is not None and robots.status == 200 else b"")
            self._reader = moved
        self._read(home)
        for url in self._reader.wanted():
            page = await self._get(url)
            if page is not None:
                self._read(page, url)
        if isinstance(home, TextResponse):
            self._found.title = (home.css("title::text").get() or "").strip()[:200]
        return self._reader.offer()

    def _read(self, response: Response, url: str | None = None) -> None:
        headers = header_texts(response.headers)
        self._reader.read(response.body, url, headers)

    async def _first_of(self, usual: list[str], fits: Any) -> Any:
        """The first of the usual addresses that answers with what it is called."""
        for url in usual:
            if await fits(url):
                yield url
                return

    async def _is_feed(self, url: str) -> bool:
        if len(self._found.yields) >= _FEEDS_READ and url not in self._given:
            return True  # not looked at: the crawl will see
        response = await self._get(url)
        if response is None or (url != self._home and normalise_url(response.url) == normalise_url(self._home)):
            return False
        links = self._own(parse_feed(response.body, response.url, clock=self._clock))
        self._found.yields[url] = len(links)
        self._listed += links
        return bool(links)

    async def _is_sitemap(self, url: str, depth: int = 1) -> bool:
        response = await self._get(url)
        if response is None:
            return False
        entries = list(_some(parse_sitemap(response.body, response.url, clock=self._clock)))
        listed = [entry for entry in entries if isinstance(entry, Link)]
        pages = self._own(listed)
        self._found.yields[url] = len(entries)
        self._listed += [link for link in pages if link.title]
        self._in_maps += [link.url for link in pages]
        further = [entry for entry in entries if isinstance(entry, Sitemap)]
        if not listed and further and depth == 1:
            return await self._is_sitemap(telling(further).url, depth + 1) or self._found.path == "/"
        return bool(pages) or (bool(entries) and self._found.path == "/")

    def _own(self, links: list[Link]) -> list[Link]:
        """The links that lie below the site's path."""
        return [link for link in links if is_below(link.url, self._found.path)]

    def _shapes(self, offer: Offer) -> Shapes:
        """The shape of what feeds and sitemaps of news list; of the home page's stories; of what sitemaps list."""
        listed = [link.url for link in self._listed]
        if len(listed) >= _ENOUGH:
            return learn([*listed, *offer.articles], offer.sections)
        if offer.articles:
            return learn([*listed, *offer.articles, *self._fitting(offer)], offer.sections)
        return learn([*listed, *self._in_maps], offer.sections)

    def _fitting(self, offer: Offer) -> list[str]:
        """Of a sitemap's addresses those that look like the home page's stories."""
        return [url for url in self._in_maps if offer.shapes.identity(url) is not None]

    def _domains(self) -> list[str]:
        """The home page's domain, and that of what a feed lists: a feed service is no home."""
        own = host_of(self._home).removeprefix("www.")
        listed = [host_of(link.url).removeprefix("www.") for link in self._listed]
        most = max(set(listed), key=listed.count) if listed else own
        # Only a service that serves many sites' feeds may name another domain than its own.
        allowed = most.endswith("." + own) or any(map(is_feed_service, self._given))
        return list(dict.fromkeys([own, most] if allowed else [own]))

    async def _get(self, url: str) -> Response | None:
        """An answer with status 200; None for any other, and when the site has been asked enough."""
        if self._asked >= MOST_REQUESTS:
            return None
        self._asked += 1
        request = Request(url, callback=NO_CALLBACK, dont_filter=True, meta={"allow_offsite": True})
        assert self._crawler.engine is not None
        assert self._crawler.stats is not None
        self._crawler.stats.inc_value("newscrawl/discovery/requests")
        try:
            response = await self._crawler.engine.download_async(request)
        except Blocked as page:
            if page.reason == "js-shell" and page.response is not None:
                # A page without a story, whose head may name feeds, and whose scripts hold their data.
                return page.response
            self._count_failure(url, page)
            return None
        except Exception as error:  # noqa: BLE001 (whatever went wrong, this address offers nothing now)
            self._count_failure(url, error)
            return None
        return response if response.status == 200 else None

    def _count_failure(self, url: str, error: Exception) -> None:
        assert self._crawler.stats is not None
        logger.info("discovery: %s: %s", url, reason_of(error))
        self._crawler.stats.inc_value(f"newscrawl/discovery/failed/{reason_of(error)}")


def _some(entries: Iterator[Link | Sitemap]) -> Iterator[Link | Sitemap]:
    """The first of a sitemap's entries: a shape needs no more."""
    for number, entry in enumerate(entries):
        if number == _MOST_ENTRIES:
            return
        yield entry
