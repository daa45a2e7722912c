"""What the stores refuse is a sentence, told once; Scrapy would log a traceback for each page that was under way."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from scrapy.http import Response

from newscrawl.storage.errors import StorageError


class StoresMiddleware:
    """Spider middleware. The session has noted the error and is closing the crawl when it comes by here."""

    def process_spider_exception(self, response: Response, exception: Exception) -> Iterable[Any] | None:  # noqa: ARG002
        """Nothing comes of a page whose callback met a StorageError; other errors are Scrapy's to tell."""
        return () if isinstance(exception, StorageError) else None
