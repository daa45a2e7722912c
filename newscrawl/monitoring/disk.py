"""Extension: ends a crawl in order while there is still room for what it has to write at its end."""

from __future__ import annotations

import logging
import math
import time

from scrapy import signals
from scrapy.crawler import Crawler

from newscrawl.storage.errors import StorageError
from newscrawl.storage.locations import data_directory
from newscrawl.storage.room import DISK_FREE_MIN, lack_of_room

logger = logging.getLogger(__name__)

#: Why a crawl ended, and the stat with the sentence that says so.
DISK_LOW = "disk-low"
DISK_LOW_STAT = "newscrawl_disk_low"
# A crawl writes with its responses, and in a second no disk fills by DISK_FREE_MIN.
_EVERY_SECONDS = 1.0


class DiskRoom:
    """Looks at the start and, at most once a second, when a response has come."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._directory = data_directory(crawler.settings)
        self._least = crawler.settings.getint("DISK_FREE_MIN", DISK_FREE_MIN)
        self._looked = -math.inf

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> DiskRoom:
        room = cls(crawler)
        crawler.signals.connect(room.look, signals.spider_opened)
        crawler.signals.connect(room.look, signals.response_received)
        return room

    def look(self) -> None:
        """Closes the spider, whose pages under way are still stored, where there is too little room."""
        stats, engine = self._crawler.stats, self._crawler.engine
        now = time.monotonic()
        if now - self._looked < _EVERY_SECONDS or stats.get_value(DISK_LOW_STAT) or not self._directory.exists():
            return
        self._looked = now
        try:
            lack = lack_of_room(self._directory, self._least)
        except StorageError as error:
            logger.warning("%s: nobody looks whether the disk runs full", error)
            self._looked = math.inf
            return
        if lack is not None and engine is not None:
            from newscrawl.storage.session import close_spider

            stats.set_value(DISK_LOW_STAT, lack)
            logger.error("the crawl ends before the disk is full: %s", lack)
            close_spider(self._crawler, DISK_LOW)
