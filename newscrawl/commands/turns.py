"""Many sources in one process, so many side by side as it has files and memory for."""

from __future__ import annotations

import resource
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from scrapy import Spider
from scrapy.crawler import Crawler

from newscrawl.monitoring.disk import DISK_LOW

# Endings behind which no other crawl is begun.
_STOPS = ("shutdown", DISK_LOW)
#: Where no setting says otherwise. A running source holds six files and some 4 MB; the usual limit is 1,024 files.
SOURCES_AT_ONCE = 40
_MOST_FILES = 65_536  # what a process that asks for it may well get; more would cost memory in old C libraries


class Turns:
    """Begins a crawl for each source, the next one when one ends, until all are done or the user stops them."""

    def __init__(
        self,
        sources: Sequence[type[Spider]],
        *,
        begin: Callable[[type[Spider]], tuple[Crawler, Any]],
        ended: Callable[[str, Crawler, Any], None],
        at_once: int,
    ) -> None:
        """`begin` starts a crawl and returns its crawler and its task (or deferred); `ended` is told of both."""
        self._waiting = deque(sources)
        self._begin = begin
        self._ended = ended
        self._is_stopped = False
        self._at_once = at_once

    def start(self) -> None:
        """Begins the first crawls; they go on when the event loop runs."""
        raise_file_limit()
        for _ in range(min(self._at_once, len(self._waiting))):
            self._next()

    @property
    def is_stopped(self) -> bool:
        """Whether the user stopped them."""
        return self._is_stopped

    @property
    def left(self) -> list[str]:
        """The sources whose turn never came."""
        return [source.name for source in self._waiting]

    def _next(self) -> None:
        if self._is_stopped or not self._waiting:
            return
        source = self._waiting.popleft()
        crawler, task = self._begin(source)

        def done(_result: Any) -> None:
            ended = crawler.stats.get_value("finish_reason") if crawler._stats is not None else None
            self._is_stopped |= ended in _STOPS
            self._ended(source.name, crawler, task)
            self._next()

        # A task of asyncio, or a deferred where the project has chosen another reactor.
        if hasattr(task, "add_done_callback"):
            task.add_done_callback(done)
        else:
            task.addBoth(done)


def raise_file_limit() -> None:
    """Lets the process open as many files as its hard limit allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
