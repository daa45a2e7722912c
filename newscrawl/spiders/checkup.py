"""A look at publishers with a handful of requests each: do their listings answer, do their pages still read well?"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.http import Response, TextResponse
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.response import get_base_url

from newscrawl.discovery.dates import moment
from newscrawl.discovery.feeds import parse_feed
from newscrawl.discovery.hints import Clock, newest_first
from newscrawl.discovery.identity import article_identity
from newscrawl.discovery.links import Link
from newscrawl.discovery.sections import parse_section
from newscrawl.discovery.sitemaps import Sitemap, parse_sitemap, telling
from newscrawl.extraction.page.page import PageError
from newscrawl.extraction.source import Source
from newscrawl.loaders import load_article
from newscrawl.loaders.time_limit import EXTRACT_TIMEOUT, TooSlowError, time_limit
from newscrawl.middlewares.charset import header_texts
from newscrawl.middlewares.outcomes import Blocked, is_wall, reason_of
from newscrawl.spiders.news import NewsSpider
from newscrawl.urls import host_of

logger = logging.getLogger(__name__)

# Pages of stories that are read of each publisher.
ARTICLES = 3
# Listings whose newest item is older have stopped; weeklies are the slowest that are declared.
FRESH = timedelta(days=30)
# Publishers that are looked at side by side; each is asked one thing after the other.
_SIDE_BY_SIDE = 16
_FIELDS = ("title", "body", "published_at", "authors", "section", "tags", "images")
# What to do about what was found, by its name.
ADVICE = {
    "closed": "robots.txt closes it to us: ask the publisher, or leave it out of the file",
    "unanswered": "look whether the address opens in a browser; if it moved, `newscrawl discover` finds the new one",
    "wall": "the publisher sends robots away: ask by mail for access, and note it as `obstacles`",
    "empty": "open it in a browser: it may have become another kind of page, or needs another `listing`",
    "no-article": "the addresses of its articles have changed: mend `article_url`",
    "frozen": "the publisher feeds it no more: find another feed or section",
    "no-page": "open the story in a browser: its text may be drawn by JavaScript",
    "too-slow": "send us the page: newscrawl has to become faster at it",
    "no-field": "the pages have changed: `newscrawl extract --explain` shows what is read; mend the rules",
    "rules": "the site was redesigned: give the rules `valid_until`, and write new ones beside them",
    "nothing": "no story was found to look at: mend the listings first",
    "error": "this is a fault of newscrawl: send us the name of the source and this line",
}


@dataclass(slots=True)
class Problem:
    """One thing that is broken: where, its name in ADVICE, and a sentence."""

    where: str
    kind: str
    told: str

    @property
    def advice(self) -> str:
        """What to do about it."""
        return ADVICE[self.kind]


@dataclass(slots=True)
class Listed:
    """What a feed, sitemap or section lists; `articles` of its `links` are the publisher's stories."""

    kind: str
    url: str
    links: int = 0
    articles: int = 0
    newest: str | None = None


@dataclass(slots=True)
class Read:
    """A story's page; `layers` says where each field was read from."""

    url: str
    layers: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Checkup:
    """What was found of one publisher; of the `declared` listings those are in `listings` that came."""

    source: str
    requests: int = 0
    robots: str = ""
    declared: int = 0
    listings: list[Listed] = field(default_factory=list)
    articles: list[Read] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """The findings as plain JSON values, with an advice for each problem."""
        found = asdict(self)
        found["problems"] = [{**asdict(problem), "advice": problem.advice} for problem in self.problems]
        return found


class CheckSpider(Spider):
    """Looks at `publishers` and fills in `checkups`, one for each, in their order; `on_done` is called after each."""

    name = "check"

    def __init__(
        self,
        publishers: Sequence[type[NewsSpider]] = (),
        on_done: Callable[[], object] = lambda: None,
        **arguments: Any,
    ) -> None:
        super().__init__(**arguments)
        self._publishers = publishers
        self._on_done = on_done
        self.checkups = [Checkup(publisher.name) for publisher in publishers]

    async def start(self) -> AsyncIterator[Any]:
        """Everything is asked for here; there is nothing to schedule."""
        room = asyncio.Semaphore(_SIDE_BY_SIDE)

        async def check(publisher: type[NewsSpider], checkup: Checkup) -> None:
            async with room:
                try:
                    await _Check(self, publisher, checkup).run()
                except Exception as error:  # (of ours; the other publishers are looked at all the same)
                    logger.exception("the check of %s failed", publisher.name)
                    checkup.problems.append(Problem("", "error", f"the check failed: {type(error).__name__}: {error}"))
                self._on_done()

        await asyncio.gather(*map(check, self._publishers, self.checkups))
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request


class _Check:
    """The look at one publisher."""

    def __init__(self, spider: CheckSpider, publisher: type[NewsSpider], checkup: Checkup) -> None:
        self._spider = spider
        self._publisher = publisher
        self._source: Source = publisher.source()
        self._clock = Clock(datetime.now(UTC), self._source.publisher.timezone, self._source.zone_is_known)
        self._checkup = checkup
        self._found: dict[str, Link] = {}

    async def run(self) -> None:
        """Robots, listings, then stories."""
        publisher = self._publisher
        listings = [
            *(("feed", url) for url in publisher.feeds),
            *(("sitemap", url) for url in publisher.sitemaps),
            *(("section", url) for url in publisher.sections[:1]),
        ]
        # Who declares none is explored from the home page, which lists stories, too.
        listings = listings or [("section", publisher.home_page())]
        self._checkup.declared = len(listings)
        home = listings[0][1]
        await self._look_at_robots(home)
        for kind, url in listings:
            await self._look_at_listing(kind, url)
        links = newest_first(self._found.values())[:ARTICLES]
        for link in links:
            await self._look_at_article(link)
        if not links:
            self._complain(home, "nothing", "no story was found")

    async def _ask(self, url: str, **meta: Any) -> Response | None:
        """The answer with status 200; None, complained of, for anything else."""
        self._checkup.requests += 1
        request = Request(url, callback=NO_CALLBACK, dont_filter=True, meta={"allow_offsite": True, **meta})
        engine = self._spider.crawler.engine
        assert engine is not None
        try:
            response = await engine.download_async(request)
        except Blocked as page:
            kind = "wall" if is_wall(page) else "unanswered"
            self._complain(url, kind, f"answers with a page of the kind {page.reason!r}")
        except Exception as error:  # noqa: BLE001 (whatever went wrong is what was to be found out)
            reason = reason_of(error)
            self._complain(url, "closed" if reason == "robots" else "unanswered", f"cannot be had: {reason}")
        else:
            if response.status == 200:
                return response
            self._complain(url, "unanswered", f"answers with status {response.status}")
        return None

    async def _look_at_robots(self, home: str) -> None:
        parts = urlsplit(home)
        before = len(self._checkup.problems)
        url = f"{parts.scheme}://{parts.netloc}/robots.txt"
        found = await self._ask(url, dont_obey_robotstxt=True, newscrawl_robots=True)
        del self._checkup.problems[before:]  # a missing robots.txt allows everything
        self._checkup.robots = "read" if found else "none"

    async def _look_at_listing(self, kind: str, url: str) -> None:
        response = await self._ask(url)
        if response is None:
            return
        links, further = self._links(kind, response)
        near = [each for each in further if self._source.owns(host_of(each.url)) or host_of(each.url) == host_of(url)]
        if near and not links:
            # An index lists no stories itself.
            links = await self._links_of(telling(near).url)
        articles = {link.url: link for link in links if self._is_article(link.url)}
        self._found |= articles
        dates = [moment(link.latest) for link in links if link.latest]
        newest = max(dates, default=None)
        listed = Listed(kind, url, len(links), len(articles), newest.isoformat(timespec="minutes") if newest else None)
        self._checkup.listings.append(listed)
        if not links and not further:
            self._complain(url, "empty", "lists nothing")
        elif links and not articles:
            self._complain(url, "no-article", f"lists {len(links)} links, and none is an article by article_url")
        elif newest and self._clock.now - newest > FRESH:
            self._complain(url, "frozen", f"lists nothing newer than {newest:%Y-%m-%d}")

    async def _links_of(self, sitemap: str) -> list[Link]:
        """The links of a sitemap that an index names; that it answers with none is complained of."""
        response = await self._ask(sitemap)
        links, further = self._links("sitemap", response) if response else ([], [])
        if response and not links and not further:
            self._complain(sitemap, "empty", "lists nothing")
        return links

    def _links(self, kind: str, response: Response) -> tuple[list[Link], list[Sitemap]]:
        """The links of a listing, and the further sitemaps that it names."""
        if kind == "feed":
            charset = response._declared_encoding() if isinstance(response, TextResponse) else None
            return parse_feed(response.body, response.url, clock=self._clock, charset=charset), []
        if kind == "sitemap":
            entries = list(parse_sitemap(response.body, response.url, clock=self._clock))
            links = [entry for entry in entries if isinstance(entry, Link)]
            return links, [entry for entry in entries if isinstance(entry, Sitemap)]
        if not isinstance(response, TextResponse) or self._source.article_url is None:
            return [], []
        return parse_section(
            response.selector,
            get_base_url(response),
            listing=self._publisher.listing,
            article_url=self._source.article_url,
            owns=self._source.owns,
            clock=self._clock,
        ), []

    def _is_article(self, url: str) -> bool:
        try:
            is_own = self._source.owns(host_of(url))
            return is_own and bool(self._source.article_url and article_identity(url, self._source.article_url))
        except ValueError:
            return False

    async def _look_at_article(self, link: Link) -> None:
        response = await self._ask(link.url)
        if response is None:
            return
        try:
            with time_limit(EXTRACT_TIMEOUT):
                article = load_article(
                    response.body,
                    url=response.url,
                    headers=header_texts(response.headers),
                    source=self._source,
                    fetched_at=self._clock.now,
                    hint=link,
                )
        except TooSlowError as error:
            self._complain(link.url, "too-slow", f"was {error}")
            return
        except PageError as error:
            self._complain(link.url, "no-page", f"is no page with a story: {error}")
            return
        layers = {name: article.provenance[name] for name in _FIELDS if name in article.provenance}
        self._checkup.articles.append(Read(link.url, layers))
        if missing := [name for name in ("title", "body", "published_at") if not getattr(article, name)]:
            self._complain(link.url, "no-field", f"gives no {' and no '.join(missing)}")
        elif self._source.rules_on(self._clock.now.date()) and not layers.get("body", "").startswith("rule"):
            self._complain(link.url, "rules", "has no body where the rules look for it")

    def _complain(self, where: str, kind: str, told: str) -> None:
        self._checkup.problems.append(Problem(where, kind, told))
