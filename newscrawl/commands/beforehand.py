"""What `crawl` refuses in a sentence before anything is opened, for it would only be found out after a page of log."""

from __future__ import annotations

import tempfile
from collections.abc import Sized
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from scrapy.exceptions import UsageError
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings
from scrapy.utils.misc import load_object

from newscrawl.program import lacks
from newscrawl.storage import StorageError
from newscrawl.storage.locations import data_directory, state_url
from newscrawl.storage.room import DISK_FREE_MIN, lack_of_room


def check_settings_of_a_crawl(settings: BaseSettings, spiders: Sized) -> None:
    """UsageError for what has to be written otherwise, StorageError for what cannot be used."""
    from newscrawl.storage.database import check_url

    check_url(state_url(settings))
    _check_named_files(settings)
    _check_store(settings)
    _check_feeds(settings, len(spiders))


def check_disk(settings: BaseSettings) -> None:
    """StorageError when nothing, or too little, can be written into DATA_DIR, which is made when it is missing."""
    directory = data_directory(settings)
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError.of(error, directory) from error
    _check_writable(directory)
    if (lack := lack_of_room(directory, settings.getint("DISK_FREE_MIN", DISK_FREE_MIN))) is not None:
        raise StorageError(f"no crawl is begun so close to a full disk: {lack}")


def _check_writable(directory: Path) -> None:
    try:
        with tempfile.TemporaryFile(dir=directory):
            pass
    except OSError as error:
        raise StorageError.of(error, directory) from error


def _check_named_files(settings: BaseSettings) -> None:
    """Files that may be missing under their usual names, but not where a command line names them."""
    for name in ("SOURCES_FILE", "WATCHES"):
        is_given = settings.getpriority(name) == SETTINGS_PRIORITIES["cmdline"]
        if is_given and settings[name] and not Path(settings[name]).expanduser().exists():
            raise UsageError(f"{name}: there is no file {settings[name]}")


def _check_store(settings: BaseSettings) -> None:
    named = settings.get("ARTICLE_STORE")
    try:
        load_object(named) if named else None
    except Exception as error:  # a module of the user's own may raise what it likes
        raise UsageError(f"ARTICLE_STORE {named} cannot be loaded: {error}") from error


def _check_feeds(settings: BaseSettings, crawls: int) -> None:
    """Every crawl opens a feed of its own: two that write one file tear each other's lines."""
    feeds = settings.getdict("FEEDS")
    if "parquet" in {options.get("format") for options in feeds.values()} and not find_spec("pyarrow"):
        raise UsageError(lacks("a feed as Parquet needs pyarrow", "export"))
    for address in map(str, feeds):
        if crawls > 1 and "%(name)s" not in address:
            example = Path(address)
            raise UsageError(
                f"{crawls} sources cannot write one feed {address}: put %(name)s into its name, "
                f"as in {example.with_name(f'{example.stem}-%(name)s{example.suffix}')}"
            )
        parts = urlsplit(address)
        # Of other stores, and of names that are made when the crawl begins, Scrapy finds out.
        if parts.scheme in ("", "file") and "%(" not in address:
            path = Path(url2pathname(parts.path) if parts.scheme else address)
            if path.is_dir():
                raise UsageError(f"the feed {address} is a directory")
            _check_writable(next(parent for parent in path.absolute().parents if parent.exists()))
