"""One crawl over the whole catalogue, in a process of its own: `python -m tests.faults.crawl PORTS.json OUT.json DATA_DIR`."""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response, TextResponse
from scrapy.settings import Settings
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver
from twisted.python.failure import Failure
from zope.interface import implementer

from newscrawl.middlewares import defaults
from newscrawl.middlewares.outcomes import reason_of
from tests.faults.catalogue import faults
from tests.faults.server import DOMAIN, OFFSITE

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
        if label == "dns-rebinding" and self.asked[label] > 1:
            addresses = ["10.0.0.1"]
        for address in addresses:
            kind = IPv6Address if ":" in address else IPv4Address
            receiver.addressResolved(kind("TCP", address, port))
        receiver.resolutionComplete()
        return self


class FaultSpider(scrapy.Spider):
    """Asks every host for its bad page and its good one, and notes how each ended."""

    name = "faults"
    allowed_domains = [DOMAIN]  # noqa: RUF012
    ports: dict[str, int]
    outcomes: dict[str, str]

    async def start(self) -> AsyncIterator[Any]:
        for fault in faults():
            for page in ("1", "good"):
                yield scrapy.Request(
                    fault.url(self.ports, page),
                    self.parse,
                    errback=self.failed,
                    cb_kwargs={"key": f"{fault.name}-{page}"},
                )

    def parse(self, response: Response, key: str) -> Iterator[Any]:
        if not response.body:
            self.outcomes[key] = "empty"
        elif isinstance(response, TextResponse) and len("".join(response.css(".story p::text").getall())) > 200:
            self.outcomes[key] = "stored"
        else:
            self.outcomes[key] = "not-an-article"
        return iter(())

    def failed(self, failure: Failure) -> None:
        self.outcomes[failure.request.cb_kwargs["key"]] = reason_of(failure.value)


def settings() -> Settings:
    chosen = Settings(
        {
            **defaults.SETTINGS,
            "DOWNLOADER_MIDDLEWARES": defaults.DOWNLOADER_MIDDLEWARES,
            "EXTENSIONS": defaults.EXTENSIONS,
            "TWISTED_DNS_RESOLVER": FaultResolver,
            "GUARD_ALLOW_LOOPBACK": True,
            # The catalogue's patience is counted in seconds; the defaults' in minutes.
            "DOWNLOAD_TIMEOUT": 2,
            "DOWNLOAD_DELAY": 0.02,
            "AUTOTHROTTLE_START_DELAY": 0.02,
            "AUTOTHROTTLE_MAX_DELAY": 0.2,
            "BACKOFF_START": 0.5,
            "CRAWL_DELAY_MAX": 1.5,
            "RETRY_TIMES": 1,
            "CONCURRENT_REQUESTS": 48,
            "LOG_LEVEL": "INFO",
        }
    )
    return chosen


def main(ports: str, out: str, data_dir: str) -> None:
    outcomes: dict[str, str] = {}
    process = AsyncCrawlerProcess(settings(), install_root_handler=True)
    crawler = process.create_crawler(FaultSpider)
    process.crawl(crawler, ports=json.loads(Path(ports).read_text()), outcomes=outcomes)
    process.start()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    stats = {key: str(value) for key, value in crawler.stats.get_stats().items()}
    Path(out).write_text(json.dumps({"outcomes": outcomes, "peak_mib": peak, "stats": stats}, indent=1))


if __name__ == "__main__":
    main(*sys.argv[1:])
