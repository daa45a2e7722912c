"""A log that cannot be written is spoken of once, in one sentence, and not with a traceback for each of its lines."""

from __future__ import annotations

import logging
import sys
from typing import Self

from scrapy.crawler import Crawler

from newscrawl.storage import StorageError

_told: set[str] = set()
_usual = logging.FileHandler.handleError


def _complain(handler: logging.FileHandler, record: logging.LogRecord) -> None:
    """Called by logging while an error is being handled."""
    error = sys.exc_info()[1]
    if not isinstance(error, OSError):
        _usual(handler, record)
    elif handler.baseFilename not in _told:
        _told.add(handler.baseFilename)
        print(f"newscrawl: {StorageError.of(error, handler.baseFilename)}; lines are missing in it", file=sys.stderr)


class LogFault:
    """Takes the place of the complaint of log files; the crawl goes on without the lines."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:  # noqa: ARG003 - Scrapy's signature
        """For all log files of the process: Scrapy makes its handler anew after the extensions, and writes at once."""
        logging.FileHandler.handleError = _complain  # type: ignore[assignment,method-assign]
        return cls()
