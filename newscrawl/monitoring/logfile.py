"""A log that cannot be written is spoken of once, in one sentence, and not with a traceback for each of its lines."""

from __future__ import annotations

import logging
import sys
from typing import ClassVar, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.utils.log import get_scrapy_root_handler

from newscrawl.storage import StorageError


class LogFault:
    """Takes the place of the log handler's own complaint; the crawl goes on without the lines."""

    _told: ClassVar[set[str]] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        fault = cls()
        # Scrapy makes the handler anew between the extensions and the engine.
        crawler.signals.connect(fault.engine_started, signals.engine_started)
        return fault

    def engine_started(self) -> None:
        """Nothing is done where another program than Scrapy's writes the log."""
        handler = get_scrapy_root_handler()
        if handler is not None:
            self._usual = handler.handleError
            self._log: str = getattr(handler, "baseFilename", "the log")
            handler.handleError = self.complain  # type: ignore[method-assign]

    def complain(self, record: logging.LogRecord) -> None:
        """Called by logging while an error is being handled."""
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            self._usual(record)
        elif self._log not in self._told:
            self._told.add(self._log)
            print(f"newscrawl: {StorageError.of(error, self._log)}; lines are missing in it", file=sys.stderr)
