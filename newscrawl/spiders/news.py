"""NewsSpider: what every publisher's file declares, and how a source is crawled.

Every command that knows publishers imports it; what runs a crawl, and SQLAlchemy with it, is imported when one begins.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse
from scrapy.settings import BaseSettings

from newscrawl.discovery.hints import Clock
from newscrawl.discovery.identity import normalise_url
from newscrawl.discovery.links import Link
from newscrawl.discovery.other_pages import article_pattern
from newscrawl.discovery.sections import Listing
from newscrawl.extraction.elements.verdicts import Verdict
from newscrawl.extraction.page.page import Page
from newscrawl.extraction.rules import Rules
from newscrawl.extraction.source import Former, Publisher, Source
from newscrawl.items import Article
from newscrawl.loaders import ArticleLoader, begin
from newscrawl.loaders.time_limit import EXTRACT_TIMEOUT, time_limit
from newscrawl.middlewares.charset import header_texts
from newscrawl.spiders.arguments import Arguments
from newscrawl.storage.errors import StorageError

if TYPE_CHECKING:
    from newscrawl.spiders.crawl import Crawl, Places


class NewsSpider(Spider):
    """The crawl of one publisher; a publisher's file only fills in these attributes.

    article_url   a regular expression that finds articles, and only them, in decoded URLs without "www."; its named
                  groups are what identifies an article. Behind a word of discovery/tables/other_pages.txt ("tag",
                  "author") nothing is found, unless the expression writes that word itself
    feeds, sitemaps, sections   where links come from; `listing` says how section pages are read. A publisher without
                  any is asked what it offers, beginning at `home`, by default the root of its first domain
    archives      date patterns of archive pages (discovery.archives), visited when `since` is given
    rules         where the fields stand on the pages (extraction.rules)
    verified      the day of the page that the rules were checked on; None: unverified
    feed_seen     the day of the newest public list in which one of the feeds answered; None: nobody reported it
    obstacles     what others met there, in one line: "403 to plain clients, 2026-08"; None: nothing is known
    every         seconds between two visits by plan; None: as the listings suggest, see spiders.plan
    formerly      names under which articles of this publisher were stored before: their ids hold
    false_utc, month_first, own_names   see extraction.source.Source
    hours         when the publisher may be visited, on its own clock: "22:00-06:00"; None: at any time
    zone_is_known   False where the publisher's time zone is a guess: a clock without a zone tells the day only
    verify_certificates   False for a publisher whose certificate is broken; `scrapy sources` shows it

    loader_class, item_class   subclasses of ArticleLoader and Article to use instead

    A spider whose fields need code overrides `fill` or, for more than that, Scrapy's own `parse`.

    Arguments: see spiders.arguments.Arguments. ArgumentError for what cannot be used.
    """

    publisher: ClassVar[Publisher]
    allowed_domains: ClassVar[list[str]]
    article_url: ClassVar[str]
    feeds: ClassVar[list[str]] = []
    sitemaps: ClassVar[list[str]] = []
    sections: ClassVar[list[str]] = []
    home: ClassVar[str] = ""
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
    zone_is_known: ClassVar[bool] = True

    loader_class: ClassVar[type[ArticleLoader]] = ArticleLoader
    item_class: ClassVar[type[Article]] = Article

    arguments: Arguments
    crawl: Crawl | None = None

    def __init__(self, name: str | None = None, **arguments: Any) -> None:
        super().__init__(name)
        self.clock = Clock(datetime.now(UTC), self.publisher.timezone, self.zone_is_known)
        self.arguments = self.read_arguments(arguments, now=self.clock.now)

    @classmethod
    def read_arguments(cls, given: dict[str, Any], *, now: datetime) -> Arguments:
        """What `-a name=value` says. ArgumentError for what cannot be used."""
        return Arguments.read(given, now=now, timezone=cls.publisher.timezone)

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        if not cls.verify_certificates:
            settings.set("DOWNLOAD_VERIFY_CERTIFICATES", False, priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        most = crawler.settings.getint("LIMIT_PER_SOURCE")
        if most and spider.arguments.limit is None:
            spider.arguments = replace(spider.arguments, limit=most)
        if spider.arguments.archive:
            from newscrawl.storage.warc import configure

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
            zone_is_known=cls.zone_is_known,
        )

    @classmethod
    def home_page(cls) -> str:
        """Where the publisher is explored from when it declares no place where articles are listed."""
        return cls.home or f"https://{cls.allowed_domains[0]}/"

    def parse(self, response: Response) -> Iterator[Any]:
        """The Article of an article's page; PageError when it is no page, TooSlowError when EXTRACT_TIMEOUT ends it."""
        assert isinstance(response, TextResponse)
        with time_limit(self.settings.getfloat("EXTRACT_TIMEOUT", EXTRACT_TIMEOUT)):
            article = self._read(response)
        yield article

    def _read(self, response: TextResponse) -> Article:
        meta = response.meta
        page = Page(response.body, response.url, header_texts(response.headers))
        loader = begin(
            page,
            self.crawl.source if self.crawl else self.source(),
            fetched_at=meta.get("archived_at") or datetime.now(UTC),
            hint=replace(Link.from_hint(response.url, meta.get("newscrawl_hint")), told=meta.get("newscrawl_told")),
            memory=self.crawl.memory if self.crawl else None,
            learn=meta.get("newscrawl_learn", False),
            markdown=self.settings.getbool("MARKDOWN"),
            loader=self.loader_class,
            item=self.item_class,
        )
        self.fill(loader)
        article = loader.load_item()
        for name in loader.failures:
            self.crawler.stats.inc_value(f"newscrawl/field-error/{name}")
        for block in loader.reading.blocks:
            if block.dropped == Verdict.LEARNED:
                self.crawler.stats.inc_value(f"newscrawl/learned/{block.text}")
        return article

    def fill(self, loader: ArticleLoader) -> None:
        """For subclasses: add to the loader what this spider itself knows to find on a page."""

    async def prepare(self) -> tuple[Source, Places]:
        """What the crawl needs to know before it begins: the publisher, and where articles are listed."""
        from newscrawl.spiders.crawl import Places

        places = Places(
            feeds=self.feeds,
            sitemaps=self.sitemaps,
            sections=self.sections,
            listing=self.listing,
            archives=self.archives,
        )
        if not (self.feeds or self.sitemaps or self.sections or self.arguments.name_articles):
            from newscrawl.spiders.asking import explore
            from newscrawl.storage.session import Session
            from newscrawl.storage.site_rules import SiteRecords

            session = Session.of(self.crawler)
            home = self.home_page()
            found = await explore(self.crawler, home, SiteRecords(session.state, session.data_dir))
            # What an article is is declared, so that the home page can be read however little was learned there.
            sections = [home, *(url for url in found.sections if normalise_url(url) != normalise_url(home))]
            places = replace(places, feeds=found.feeds, sitemaps=found.sitemaps, sections=sections)
        return self._with_former_names(self.source()), places

    def _with_former_names(self, source: Source) -> Source:
        """The source with the rules of its former names, whose articles the state learns of."""
        if not self.formerly:
            return source
        from newscrawl.storage.session import Session
        from newscrawl.storage.site_rules import SiteRecords, take_over

        session = Session.of(self.crawler)
        records = SiteRecords(session.state, session.data_dir)
        former = []
        for name in self.formerly:
            take_over(session.state, session.data_dir, self.name, name)
            rule = records.rule(name)
            former.append(
                Former(name, article_pattern(rule.article_url) if rule else source.article_url or re.compile("(?!)"))
            )
        return replace(source, former=tuple(former))

    async def start(self) -> AsyncIterator[Any]:
        """Listings, then articles as fast as they are wanted, until nothing is listed, due or under way."""
        from newscrawl.spiders.articles import Articles
        from newscrawl.spiders.crawl import Crawl
        from newscrawl.spiders.listings import Listings
        from newscrawl.spiders.pump import Pump

        source, places = await self.prepare()
        self.crawl = crawl = Crawl(self.crawler, source, places, self.arguments, self.clock)
        self._listings = listings = Listings(crawl)
        # Signals know them only weakly, and pages may still be read when nothing is left to start.
        self._articles = articles = Articles(crawl, self.parse)
        is_told = self.arguments.name_articles
        first = articles.given() if is_told else listings.requests()
        last = iter(()) if is_told else listings.archive_requests()

        def following() -> Request | None:
            """Nothing, and the crawl ends, when the state or the archive cannot be read."""
            if crawl.frontier.is_full:
                return None
            try:
                return next(first, None) or (None if is_told else articles.next()) or next(last, None)
            except StorageError as error:
                crawl.session.halt(error)
                return None

        def meanwhile() -> None:
            """A story that nothing follows for minutes is in the state all the same, for other processes to find."""
            try:
                crawl.state.commit_due()
            except StorageError as error:
                crawl.session.halt(error)

        async for request in Pump(self.crawler).draw(following, meanwhile):
            yield request
        if crawl.session.error is None:
            articles.end()

    def is_forgotten(self, url: str) -> bool:
        """Whether a URL is that of an article that was removed on request; asked by the guard of every request."""
        return self.crawl is not None and bool(self.crawl.session.forgotten) and self.crawl.identifier.is_forgotten(url)

    def closed(self, _reason: str) -> None:
        """Keeps what the run has learned."""
        if self.crawl is not None:
            self.crawl.keep_memory()
