"""NewscrawlAddon: one line in ADDONS gives any Scrapy project all of newscrawl."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scrapy.settings import BaseSettings
from scrapy.utils.misc import load_object

from newscrawl.loaders.time_limit import EXTRACT_TIMEOUT
from newscrawl.middlewares import defaults
from newscrawl.setting_values import CLUSTER_DEFAULTS, check_settings
from newscrawl.storage.jsonl import SEAL_AFTER
from newscrawl.storage.room import DISK_FREE_MIN

ON_FORGET_BASE = [
    "newscrawl.browse.index.on_forget",
    "newscrawl.dedup.near.on_forget",
    "newscrawl.monitoring.watch_feeds.on_forget",
    "newscrawl.monitoring.runs.on_forget",
]
_SETTINGS: dict[str, Any] = {
    "FEED_EXPORT_ENCODING": "utf-8",
    "DEFAULT_REQUEST_HEADERS": {
        "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "Accept-Language": "ar",
    },
    # The default of 100 starts 101 tasks for every response: 4 makes a bare crawl 1.7 times as fast.
    "CONCURRENT_ITEMS": 4,
    # Paging is bounded where it happens; Scrapy's own limit would end a long way back without a word.
    "DEPTH_LIMIT": 0,
    # A job directory loses its queue in a crash; the state does not.
    "JOBDIR": None,
    "DATA_DIR": "data",
    "STATE_URL": None,
    "HOST_NAME": None,
    **CLUSTER_DEFAULTS,
    "ARCHIVE": False,
    "ARTICLE_STORE": None,
    "LEARN_BOILERPLATE": False,
    "MARKDOWN": False,
    "ARCHIVE_REPLAY": None,
    "COMPRESS": None,
    "SEAL_AFTER": SEAL_AFTER,
    "STORE_URL": None,
    "STORE_OPTIONS": {},
    "SHIP_EVERY": 300,
    "KEEP_LOCAL": None,
    # Seconds: a listing's date of change that is younger than this may be the moment at which the listing was printed.
    "JUST_PRINTED": 60,
    # Seconds: a feed that has brought nothing new for so long is read once a day only; 0: as often as all.
    "FEED_QUIET_AFTER": 14 * 86400,
    "EXTRACT_TIMEOUT": EXTRACT_TIMEOUT,
    "DISK_FREE_MIN": DISK_FREE_MIN,
    # New articles that one run takes in: a backfill of most papers, and less than any trap. 0: as many as are listed.
    "NEW_URLS_MAX": 1_000_000,
    # Publishers declared in TOML, where the command is run.
    "SOURCES_FILE": "sources.toml",
    # Articles of one source and run, where -a limit does not say otherwise; 0: all.
    "LIMIT_PER_SOURCE": 0,
    # Told of removed articles before their lines go, each with a storage.removal.Removal: ours, then the user's.
    "ON_FORGET_BASE": ON_FORGET_BASE,
    "ON_FORGET": [],
    "NEAR_DUPLICATES": "flag",
    "NEAR_DUPLICATE_WINDOW_DAYS": 30,
    "WATCHES": "watches.toml",
    "ALERTS": [],
    "PING_URL": None,
}
_EXTENSIONS: dict[str, int | None] = {
    "newscrawl.monitoring.logfile.LogFault": 0,
    "newscrawl.monitoring.disk.DiskRoom": 100,
    "newscrawl.monitoring.progress.Progress": 800,
    "newscrawl.monitoring.telling.Telling": 800,
    "newscrawl.monitoring.messages.Messages": 840,
    "newscrawl.monitoring.watching.Watching": 850,
    "newscrawl.monitoring.summary.Summary": 900,
}
_ITEM_PIPELINES = {
    "newscrawl.pipelines.ValidatePipeline": 100,
    "newscrawl.pipelines.DeduplicatePipeline": 200,
    "newscrawl.pipelines.StorePipeline": 300,
}
_FEED_EXPORTERS = {
    "csv": "newscrawl.exports.feeds.ArticlesAsCsv",
    "xml": "newscrawl.exports.feeds.ItemsAsXml",
    "parquet": "newscrawl.exports.parquet_feed.ParquetItemExporter",
}


class NewscrawlAddon:
    """Installs the pipelines, middlewares and extensions, and hardened settings.

    A project's own settings win over them. COMMANDS_MODULE = "newscrawl.commands" brings the commands, too.
    """

    @classmethod
    def update_pre_crawler_settings(cls, settings: BaseSettings) -> None:
        """Called by Scrapy before it sets up logging."""
        settings.set("LOG_LEVEL", "INFO", priority="addon")
        # Looked at for -o before there is a crawler.
        _add_exporters(settings)

    def update_settings(self, settings: BaseSettings) -> None:
        """Called by Scrapy before a crawl. SettingError for a value that cannot be used."""
        for name, value in {**defaults.SETTINGS, **_SETTINGS}.items():
            settings.set(name, value, priority="addon")
        _leave_out(settings)
        components: dict[str, Mapping[str, int | None]] = {
            "ITEM_PIPELINES": _ITEM_PIPELINES,
            "DOWNLOADER_MIDDLEWARES": defaults.DOWNLOADER_MIDDLEWARES,
            "SPIDER_MIDDLEWARES": defaults.SPIDER_MIDDLEWARES,
            "EXTENSIONS": {**defaults.EXTENSIONS, **_EXTENSIONS},
        }
        for name, paths in components.items():
            for path, priority in paths.items():
                settings.setdefault_in_component_priority_dict(name, load_object(path), priority)
        _add_exporters(settings)
        check_settings(settings)
        replay = settings.get("ARCHIVE_REPLAY")
        if replay or settings.getbool("ARCHIVE"):
            from newscrawl.storage.warc import configure

            configure(settings, replay=replay or None)


def _leave_out(settings: BaseSettings) -> None:
    """Takes out what is switched off, of Scrapy's own: Scrapy imports all of it, and None in a setting does, too."""
    for name, components in defaults.SWITCHED.items():
        for path, switch in components.items():
            if not settings.getbool(switch):
                settings[name].pop(path, None)


def _add_exporters(settings: BaseSettings) -> None:
    for kind, path in _FEED_EXPORTERS.items():
        settings["FEED_EXPORTERS"].set(kind, path, priority="addon")
