"""Scrapy's AutoThrottle and priority queue, made to respect what each host asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response
from scrapy.pqueues import DownloaderAwarePriorityQueue, DownloaderInterface

from .politeness import PolitenessMiddleware


class HostThrottle(AutoThrottle):
    """Slows down as latency rises, and never below the delay that a host's own settings or robots.txt name."""

    def _response_downloaded(self, response: Response, request: Request, spider: Spider) -> None:
        super()._response_downloaded(response, request, spider)
        key, slot = self._get_slot(request, spider)
        if slot is not None and key is not None and self.crawler.engine is not None:
            slot.delay = max(
                slot.delay, self.crawler.engine.downloader.per_slot_settings.get(key, {}).get("delay", 0.0)
            )


class _ReadyHosts(DownloaderInterface):
    """Shows the queue only the hosts that can use another request now."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._politeness = crawler.get_downloader_middleware(PolitenessMiddleware)
        # One request on the wire and one behind it keep a host busy; the rest can still be held back or dropped.
        self._share = 2 * self.downloader.domain_concurrency

    def stats(self, possible_slots: Iterable[str]) -> list[tuple[int, str]]:
        # Requests that wait for robots.txt are in no slot yet, so the slots' own counts would miss them.
        active = Counter(self.downloader.get_slot_key(request) for request in self.downloader.active)
        return [
            (active[slot], slot)
            for slot in possible_slots
            if active[slot] < self._share and not (self._politeness and self._politeness.paused(slot))
        ]


class PatientQueue(DownloaderAwarePriorityQueue):
    """For SCHEDULER_PRIORITY_QUEUE: requests of a paused host stay queued, and no host takes all the concurrency.

    `pop` may therefore give None while requests are pending; the engine asks again.
    """

    def __init__(self, crawler: Crawler, *args: Any, **kwargs: Any) -> None:
        super().__init__(crawler, *args, **kwargs)
        self._downloader_interface = _ReadyHosts(crawler)
