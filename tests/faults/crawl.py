"""One crawl over the whole catalogue, in a process of its own: arguments PORTS.json OUT.json DATA_DIR."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings
from twisted.internet.abstract import isIPAddress
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver
from twisted.python.failure import Failure
from zope.interface import implementer

from newscrawl.addon import NewscrawlAddon
from newscrawl.discovery.sections import Listing
from newscrawl.extraction.rules import Rules
from newscrawl.extraction.source import Publisher
from newscrawl.middlewares.outcomes import reason_of
from newscrawl.spiders import articles
from newscrawl.spiders.news import NewsSpider
from tests.faults.catalogue import faults
from tests.faults.server import DOMAIN
from tests.memory import peak_kilobytes

OUTCOMES: dict[str, str] = {}

ANSWERS = {
    "dns-missing": [],
    "dns-private": ["10.0.0.1"],
    "dns-metadata": ["169.254.169.254"],
    "dns-mapped": ["::ffff:10.0.0.1"],
    "dns-mixed": ["10.0.0.1", "127.0.0.1"],
}


@implementer(IHostnameResolver)
class FaultResolver:
    """Answers for `*.test`, in the way that each host's name says."""

    def __init__(self, reactor: Any) -> None:
        self.reactor = reactor
        self.asked: dict[str, int] = {}

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> FaultResolver:
        return cls(reactor)

    def install_on_reactor(self) -> None:
        self.reactor.installNameResolver(self)

    def resolveHostName(  # noqa: N802
        self, receiver: Any, name: str, port: int = 0, types: Any = None, semantics: str = "TCP"
    ) -> Any:
        receiver.resolutionBegan(self)
        label = name.partition(".")[0]
        self.asked[label] = self.asked.get(label, 0) + 1
        if label == "dns-silent":
            return self
        addresses = ANSWERS.get(label, ["127.0.0.1"] if name.endswith(".test") else [])
        if isIPAddress(name):
            addresses = [name]
        if label == "dns-rebinding" and self.asked[label] > 1:
            addresses = ["10.0.0.1"]
        for address in addresses:
            kind = IPv6Address if ":" in address else IPv4Address
            receiver.addressResolved(kind("TCP", address, port))
        receiver.resolutionComplete()
        return self


class FaultSpider(NewsSpider):
    """A publisher all of whose hosts misbehave, each in its own way."""

    name = "faults"
    publisher = Publisher("صحيفة الأعطال", "The Faulty Times", country="SA", timezone="Asia/Riyadh")
    allowed_domains = [DOMAIN]
    article_url = r"/news/(?P<id>[\w-]+)\.html"
    listing = Listing(next="a[rel=next]")
    rules = [Rules(title="article h1", body=".story", published="article time::attr(datetime)")]


class NotedArticles(articles.Articles):
    """Notes how every page ended."""

    def failed(self, failure: Failure) -> None:
        OUTCOMES.setdefault(failure.request.url, reason_of(failure.value))
        super().failed(failure)


def declare(ports: dict[str, int]) -> None:
    """Gives the publisher its listings: the broken ones of the catalogue, and a feed of all its bad and good pages."""
    listings: dict[str, list[str]] = {
        "feed": [f"http://index.{DOMAIN}:{ports['plain']}/index.xml"],
        "sitemap": [],
        "section": [],
    }
    for fault in faults():
        if fault.is_listing:
            listings[fault.way].append(fault.listing_url(ports))
    FaultSpider.feeds, FaultSpider.sitemaps, FaultSpider.sections = listings.values()


def settings(data_dir: str) -> Settings:
    """The add-on's, with a patience that is counted in seconds where theirs is in minutes.

    What is never answered lasts longer than the time limit, and every other answer takes a small part of it, even
    beside ten busy processes.
    """
    return Settings(
        {
            "ADDONS": {NewscrawlAddon: 500},
            "TWISTED_DNS_RESOLVER": FaultResolver,
            "GUARD_ALLOW_LOOPBACK": True,
            "DATA_DIR": data_dir,
            "ARCHIVE": True,
            "DOWNLOAD_TIMEOUT": 12,
            "DOWNLOAD_DELAY": 0.02,
            "AUTOTHROTTLE_START_DELAY": 0.02,
            "AUTOTHROTTLE_MAX_DELAY": 0.2,
            "BACKOFF_START": 0.5,
            "CRAWL_DELAY_MAX": 1.5,
            "RETRY_TIMES": 1,
            "CONCURRENT_REQUESTS": 24,
            "LOG_LEVEL": "INFO",
        },
        priority="project",
    )


def main(ports: str, out: str, data_dir: str) -> None:
    """Crawls and writes down every page's outcome, the peak of memory and the stats."""
    declare(json.loads(Path(ports).read_text()))
    articles.Articles = NotedArticles  # type: ignore[misc]
    process = AsyncCrawlerProcess(settings(data_dir))
    crawler = process.create_crawler(FaultSpider)
    process.crawl(crawler)
    process.start()
    peak = peak_kilobytes() / 1024
    assert crawler.stats is not None
    stats = {key: str(value) for key, value in crawler.stats.get_stats().items()}
    Path(out).write_text(json.dumps({"outcomes": OUTCOMES, "peak_mib": peak, "stats": stats}, indent=1))


if __name__ == "__main__":
    main(*sys.argv[1:])
