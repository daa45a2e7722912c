"""When the next request goes out: as fast as they are wanted, and no faster."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

from scrapy import Request, signals
from scrapy.crawler import Crawler

# How many requests may be under way for each that the publisher's server gets at once: enough to keep it busy. All
# others wait in the state, where they cost no memory, and where a crawl that is told to stop need not wait for them.
_UNDER_WAY = 4


class Pump:
    """Draws requests while there is room for them."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._awake = asyncio.Event()
        crawler.signals.connect(self._wake, signals.scheduler_empty)

    async def draw(
        self, following: Callable[[], Request | None], meanwhile: Callable[[], None]
    ) -> AsyncIterator[Request]:
        """The requests that `following` gives, until it gives none and none is under way that could bring more;
        `meanwhile` is called twice a second at the least while answers are waited for."""
        while True:
            has_room = self._has_room()
            request = following() if has_room else None
            if request is not None:
                yield request
            elif has_room and self._is_idle():
                return
            else:
                await self._pause()
                meanwhile()

    def _wake(self) -> None:
        self._awake.set()

    async def _pause(self) -> None:
        """Until the engine has looked for work and found none, or half a second."""
        self._awake.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._awake.wait(), 0.5)

    def _has_room(self) -> bool:
        engine, settings = self._crawler.engine, self._crawler.settings
        assert engine is not None
        waiting = len(engine.scheduler)  # type: ignore[arg-type]
        at_once = settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN") or settings.getint("CONCURRENT_REQUESTS")
        return not engine.needs_backout() and waiting + len(engine.downloader.active) < _UNDER_WAY * at_once

    def _is_idle(self) -> bool:
        """Whether no request is queued, on its way or being parsed: then no further link can turn up."""
        engine = self._crawler.engine
        assert engine is not None
        assert engine.scheduler is not None
        assert engine.scraper.slot is not None
        return (
            engine.scraper.slot.is_idle()
            and not engine.downloader.active
            and not engine.scheduler.has_pending_requests()
        )
