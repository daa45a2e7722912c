"""A crawl that stands still: what the middlewares ask of its engine, without a reactor that runs."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.test import get_crawler

from newscrawl.middlewares import defaults


class Downloader:
    """As Scrapy's, with a slot a host."""

    def __init__(self) -> None:
        self.slots: dict[str, Any] = {}
        self.per_slot_settings: dict[str, dict[str, Any]] = {}
        self.active: set[Request] = set()
        self.domain_concurrency = 1

    def get_slot_key(self, request: Request) -> str:
        return urlparse_cached(request).hostname or ""


class Engine:
    """Answers its own requests with what `answer` gives or raises, and remembers them."""

    def __init__(self, answer: Callable[[Request], Response | Exception] | None = None) -> None:
        self.downloader = Downloader()
        self.asked: list[Request] = []
        self.spider = None
        self._slot = SimpleNamespace(nextcall=SimpleNamespace(schedule=lambda: None), closing=None)
        self._answer = answer
        self.closed: list[str] = []

    async def close_spider_async(self, reason: str) -> None:
        self.closed.append(reason)

    async def download_async(self, request: Request) -> Response:
        self.asked.append(request)
        assert self._answer is not None
        answer = self._answer(request)
        if isinstance(answer, Exception):
            raise answer
        return answer


def crawler_with(engine: Engine, **settings: Any) -> Crawler:
    """A crawler with the add-on's settings, whose engine this is."""
    crawler = get_crawler(settings_dict={**defaults.SETTINGS, **settings})
    crawler._engine = crawler.engine = engine  # type: ignore[assignment]
    return crawler
