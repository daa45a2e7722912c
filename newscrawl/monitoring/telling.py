"""How far a crawl is, for the program that started it: PROGRESS = json."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import suppress

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from newscrawl.monitoring.health import total

JSON = "json"
_EVERY = 2.0  # seconds


class Telling:
    """Extension: a line of JSON a crawl on standard output every two seconds and at the end, with `source`, `pages`
    (responses of any status) and `stored` (articles)."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._task: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Telling:
        """NotConfigured unless it is asked for."""
        if crawler.settings.get("PROGRESS") != JSON:
            raise NotConfigured
        telling = cls(crawler)
        crawler.signals.connect(telling.spider_opened, signals.spider_opened)
        crawler.signals.connect(telling.spider_closed, signals.spider_closed)
        return telling

    def spider_opened(self) -> None:
        """The crawl begins."""
        self._task = asyncio.get_running_loop().create_task(self._go_on())

    def spider_closed(self) -> None:
        """The last line."""
        if self._task is not None:
            self._task.cancel()
        self._tell()

    async def _go_on(self) -> None:
        with suppress(asyncio.CancelledError):
            while True:
                self._tell()
                await asyncio.sleep(_EVERY)

    def _tell(self) -> None:
        stats = self._crawler.stats.get_stats()
        report = {
            "source": self._crawler.spidercls.name,
            "pages": stats.get("response_received_count", 0),
            "stored": total(stats, "stored"),
        }
        # Who listens may have been killed: the crawl has its own way of learning that.
        with suppress(BrokenPipeError):
            sys.stdout.write(json.dumps(report) + "\n")
            sys.stdout.flush()
