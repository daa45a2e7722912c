"""A crawl of a few URLs with the add-on's middlewares, in a process of its own; what happened comes out as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator
from typing import Any

import scrapy
from scrapy.core.engine import ExecutionEngine
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from scrapy.settings import Settings
from twisted.python.failure import Failure

from newscrawl.extraction.source import Publisher
from newscrawl.middlewares import defaults
from newscrawl.middlewares.outcomes import reason_of
from tests.faults.crawl import FaultResolver


class Fetcher(scrapy.Spider):
    """Fetches the URLs in order and notes how each ended."""

    name = "fetcher"
    publisher = Publisher("صحيفة", "A paper", country="SA", timezone="Asia/Riyadh")
    urls: list[str]
    outcomes: dict[str, str]

    async def start(self) -> AsyncIterator[Any]:
        for url in self.urls:
            yield scrapy.Request(url, self.parse, errback=self.failed, cb_kwargs={"asked": url}, dont_filter=True)

    def parse(self, response: Response, asked: str) -> None:
        self.outcomes[asked] = str(response.status)

    def failed(self, failure: Failure) -> None:
        self.outcomes[failure.request.cb_kwargs["asked"]] = reason_of(failure.value)


def main(plan: dict[str, Any]) -> None:
    outcomes: dict[str, str] = {}
    chosen = Settings(
        {
            **defaults.SETTINGS,
            "DOWNLOADER_MIDDLEWARES": defaults.DOWNLOADER_MIDDLEWARES,
            "EXTENSIONS": defaults.EXTENSIONS,
            "TWISTED_DNS_RESOLVER": FaultResolver,
            "LOG_LEVEL": "INFO",
            "DOWNLOAD_DELAY": 0.01,
            "AUTOTHROTTLE_START_DELAY": 0.01,
            **plan["settings"],
        }
    )
    for name, value in plan["spider"].items():
        setattr(Fetcher, name, value)
    if plan["heartbeat"] is not None:
        ExecutionEngine._SLOT_HEARTBEAT_INTERVAL = plan["heartbeat"]
    process = AsyncCrawlerProcess(chosen)
    crawler = process.create_crawler(Fetcher)
    process.crawl(crawler, urls=plan["urls"], outcomes=outcomes)
    process.start()
    assert crawler.stats is not None
    stats = {key: str(value) for key, value in crawler.stats.get_stats().items()}
    print(json.dumps({"outcomes": outcomes, "stats": stats}))


if __name__ == "__main__":
    main(json.load(sys.stdin))
