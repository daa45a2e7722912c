"""Extension: asks the watches of every article that a crawl stores, and writes what they found when it ends.

Who wants to be told connects to the signal `watch_matched`: it is sent once a run and watch, after the feeds are
written, with `watch` (a Watch, with its `alerts` and `digest`) and `records` (the new articles as plain records).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.settings import BaseSettings

from newscrawl.items import Article
from newscrawl.monitoring import watch_feeds
from newscrawl.monitoring.watches import FILE, Watch, Watches, read_watches
from newscrawl.storage import Session, StorageError
from newscrawl.storage.damage import sound_records

logger = logging.getLogger(__name__)

#: Sent with `watch` and `records`.
watch_matched = object()
# What a killed run left is still news; what a new state reads in may be years old.
_STILL_NEWS = timedelta(days=2)


def watches_path(settings: BaseSettings) -> Path:
    """The file that the settings name."""
    return Path(settings.get("WATCHES") or FILE).expanduser()


def watches_of(settings: BaseSettings) -> Watches:
    """The watches of that file; WatchError, StorageError."""
    return read_watches(watches_path(settings))


class Watching:
    """Counts matches in the stats as `newscrawl/watched/<watch>`, from where the summary has them."""

    def __init__(self, crawler: Crawler, watches: Watches) -> None:
        self._crawler = crawler
        self._watches = watches
        self._found: dict[str, tuple[Watch, list[Mapping[str, Any]]]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Watching:
        """NotConfigured without watches, and for spiders that have no session."""
        if not hasattr(crawler.spidercls, "publisher"):
            raise NotConfigured
        watches = watches_of(crawler.settings)
        if not watches:
            raise NotConfigured
        watching = cls(crawler, watches)
        crawler.signals.connect(watching.spider_opened, signals.spider_opened)
        crawler.signals.connect(watching.item_scraped, signals.item_scraped)
        crawler.signals.connect(watching.spider_closed, signals.spider_closed)
        return watching

    def spider_opened(self) -> None:
        """Takes in what a killed run stored and told nobody of."""
        begin = (datetime.now(UTC) - _STILL_NEWS).isoformat()
        for article in map(Article.from_dict, sound_records(Session.of(self._crawler).healed)):
            if (article.fetched_at or "") >= begin:
                self.item_scraped(article)

    def item_scraped(self, item: Any) -> None:
        """Asks the watches of an article that is stored for the first time."""
        if not isinstance(item, Article) or item.version != 1:
            return
        record = item.to_dict()
        for watch in self._watches.matching(record):
            self._found.setdefault(watch.name, (watch, []))[1].append(record)
            self._crawler.stats.inc_value(f"newscrawl/watched/{watch.name}")

    def spider_closed(self) -> None:
        """Writes the feeds, and hands over what is new in them."""
        data_dir = Session.of(self._crawler).data_dir
        for watch in self._watches.all:
            records = self._found.get(watch.name, (watch, []))[1]
            try:
                new = watch_feeds.add(data_dir, watch, records)
            except StorageError as error:
                logger.error("The feeds of the watch %s could not be written: %s", watch.name, error)
                continue
            if new:
                self._crawler.signals.send_catch_log(signal=watch_matched, watch=watch, records=new)
