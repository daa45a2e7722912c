"""SiteSpider: the crawl of a site that nobody declared, from its address."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse

from newscrawl.discovery.identity import normalise_url
from newscrawl.discovery.links import fetchable
from newscrawl.discovery.other_pages import article_pattern
from newscrawl.discovery.sections import Listing
from newscrawl.extraction.facts.zones import country_of, zone_of
from newscrawl.extraction.source import Publisher, Source
from newscrawl.items import Article
from newscrawl.spiders.arguments import ArgumentError, Arguments
from newscrawl.spiders.news import NewsSpider

if TYPE_CHECKING:
    from newscrawl.spiders.asking import Found
    from newscrawl.spiders.crawl import Places
    from newscrawl.storage.site_rules import SiteRule

# Finds nothing: what a site is given whose addresses taught no shape.
_NOTHING = r"(?!)"
# A page with fewer words is no story; one without a date needs more, for lists and forms have words, too.
_FEWEST_WORDS, _FEWEST_UNDATED = 20, 60
_LONGEST_SLUG = 80
# As feed readers write it: "feed:https://..." or "feed://...".
_FEED_SCHEME = re.compile(r"feed:(?=https?://)|feed://", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?", re.IGNORECASE)


class SiteSpider(NewsSpider):
    """The crawl of the site at `home`: asked what it offers, then read as any publisher is.

    Run as `scrapy crawl site -a url=https://…`; `newscrawl crawl https://…` makes one of these for each site.

    url        the address of the home page, or of a feed
    timezone   the IANA zone of its newsroom; without it, a clock without a zone on a page tells the day only
    """

    name = "site"
    publisher: ClassVar[Publisher] = Publisher("", "", country="", timezone="UTC")
    allowed_domains: ClassVar[list[str]] = []
    article_url: ClassVar[str] = _NOTHING
    given_feeds: ClassVar[list[str]] = []
    zone_is_known: ClassVar[bool] = False
    asks_anew: ClassVar[bool] = False
    found: Found | None = None
    rule: SiteRule | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        if not cls.home:
            return site_class(str(kwargs.pop("url", "")), timezone=kwargs.pop("timezone", None)).from_crawler(  # type: ignore[return-value]
                crawler, *args, **kwargs
            )
        return super().from_crawler(crawler, *args, **kwargs)

    @classmethod
    def read_arguments(cls, given: dict[str, Any], *, now: datetime) -> Arguments:
        named = {name: value for name, value in given.items() if name not in ("url", "timezone")}
        if zone := given.get("timezone"):
            known_zone(zone)
        return super().read_arguments(named, now=now)

    async def prepare(self) -> tuple[Source, Places]:
        """Asks the site what it offers, unless it said so in the last 30 days, or the user names the articles."""
        from newscrawl.spiders.asking import Found, explore
        from newscrawl.spiders.crawl import Places
        from newscrawl.storage.session import Session
        from newscrawl.storage.site_rules import SiteRecords, SiteRule

        session = Session.of(self.crawler)
        self._records = SiteRecords(session.state, session.data_dir)
        self.rule = self._records.rule(self.name)
        self._is_frozen = self.rule is not None
        if self.rule is not None:
            self._records.freeze(self.rule)  # the state or the data directory may have lost it
        if self.arguments.name_articles:
            found = Found()
        else:
            found = await explore(
                self.crawler, self.home, self._records, given=list(self.given_feeds), anew=self.asks_anew
            )
            if found.is_empty:
                assert self.crawler.stats is not None
                self.crawler.stats.inc_value("newscrawl/discovery/empty")
        self.found = found
        if self.rule is None:
            domains = list(dict.fromkeys([*self.allowed_domains, *found.domains]))
            self.rule = SiteRule(self.name, found.article_url or _NOTHING, domains, self.home)
        # Feeds of a feed service list the articles of another domain.
        vars(self)["allowed_domains"] = list(self.rule.domains)
        publisher = self.publisher
        if found.title and not publisher.name:
            publisher = Publisher(found.title, found.title, publisher.country, publisher.timezone)
        source = Source(
            name=self.name,
            publisher=publisher,
            domains=tuple(self.rule.domains),
            article_url=article_pattern(self.rule.article_url),
            zone_is_known=self.zone_is_known,
            takes_listed=True,
            path=found.path,
        )
        places = Places(
            feeds=found.feeds, sitemaps=found.sitemaps, sections=found.sections, listing=Listing(), archives=[]
        )
        self._lists = {normalise_url(url) for url in (self.home, *found.feeds, *found.sections, *found.sitemaps)}
        return source, places

    def parse(self, response: Response) -> Iterator[Article]:
        """The Article of a page; none of a page that is no story."""
        assert isinstance(response, TextResponse)
        if normalise_url(response.url) in self._lists:
            return
        for article in super().parse(response):
            if self._is_story(article):
                if not self._is_frozen and self.rule is not None:
                    # Before the first article is stored: its id must hold whatever happens next.
                    self._records.freeze(self.rule)
                    self._is_frozen = True
                yield article

    def _is_story(self, article: Article) -> bool:
        if article.canonical_url and normalise_url(article.canonical_url) in self._lists:
            return False
        least = _FEWEST_WORDS if article.published_at else _FEWEST_UNDATED
        return article.word_count >= least


class Discovery(SiteSpider):
    """Asks a site what it offers, whatever is remembered, and reads none of it."""

    name = "discovery"
    asks_anew: ClassVar[bool] = True

    async def start(self) -> AsyncIterator[Any]:
        await self.prepare()
        nothing: tuple[Any, ...] = ()
        for request in nothing:
            yield request


def site_class(
    url: str, feeds: Sequence[str] = (), *, timezone: str | None = None, kind: type[SiteSpider] = SiteSpider
) -> type[SiteSpider]:
    """A spider for the site at an address. ArgumentError for an address or a zone that is none."""
    address = full_address(url)
    host = urlsplit(address).hostname or ""
    zone = known_zone(timezone) if timezone else zone_of(host)
    return _made(address, tuple(feeds), zone or "UTC", timezone is not None, kind)  # type: ignore[arg-type]


@cache
def _made(address: str, feeds: tuple[str, ...], zone: str, is_known: bool, kind: type[SiteSpider]) -> type[SiteSpider]:
    host = (urlsplit(address).hostname or "").removeprefix("www.")
    attributes: dict[str, Any] = {
        "name": slug_of(address),
        "publisher": Publisher(host, host, country_of(host) or "", zone),
        "allowed_domains": [host],
        "home": address,
        "given_feeds": list(feeds),
        "zone_is_known": is_known,
        "__module__": __name__,
        "__doc__": f"{host}: found by its address.",
    }
    return type("".join(part.title() for part in slug_of(address).split("_")), (kind,), attributes)


def full_address(text: str) -> str:
    """The http(s) URL that a user means by an address, also without its scheme. ArgumentError when it is none."""
    address = _FEED_SCHEME.sub("", text.strip())
    if not address:
        raise ArgumentError("which site? write -a url=https://www.example.org")
    if "://" not in address and _HOST.fullmatch(address.partition("/")[0]) and "." in address:
        address = f"https://{address}"
    try:
        normalise_url(address)
        address = fetchable(address)
    except ValueError:
        raise ArgumentError(f"{text!r} is no address of a site: write https://...") from None
    # A request line has a path, also to a proxy (RFC 9112, 3.2).
    return address if urlsplit(address).path else urlsplit(address)._replace(path="/").geturl()


def slug_of(url: str) -> str:
    """The name of a site's source: its domain; at a service that serves many sites' feeds with the path."""
    from newscrawl.discovery.feed_links import is_feed_service

    parts = urlsplit(normalise_url(url))
    name = parts.netloc + (parts.path if is_feed_service(url) else "")
    slug = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:_LONGEST_SLUG]
    return slug if slug[:1].isalpha() else f"site_{slug}"


def known_zone(name: str) -> str:
    """The name of an IANA zone. ArgumentError when there is none of this name."""
    try:
        ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ArgumentError(f"timezone={name!r} is no IANA zone: write Asia/Amman") from None
    return str(name)
