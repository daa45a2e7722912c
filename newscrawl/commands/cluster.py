"""newscrawl cluster: hundreds of publishers on many machines that share one PostgreSQL."""

from __future__ import annotations

import argparse
import asyncio
import difflib
import logging
import os
import socket
import sys
import time
from collections.abc import Callable, Collection
from fnmatch import fnmatch
from functools import partial
from typing import Any, ClassVar

from scrapy.exceptions import UsageError
from scrapy.settings import SETTINGS_PRIORITIES
from scrapy.spiderloader import get_spider_loader

from newscrawl.addon import ON_FORGET_BASE
from newscrawl.cli.command import OwnCommand, print_json
from newscrawl.commands.outcome import FAILED, USAGE
from newscrawl.middlewares.contact import complaint_of
from newscrawl.program import lacks, program
from newscrawl.setting_values import CLUSTER_DEFAULTS
from newscrawl.spiders.news import NewsSpider
from newscrawl.spiders.registry import is_demo
from newscrawl.spiders.site import SiteSpider
from newscrawl.storage.errors import StorageError
from newscrawl.storage.locations import data_directory, state_url

logger = logging.getLogger(__name__)
_INTERRUPTED = 130
_REFRESH = 2.0  # seconds between two looks of --watch
_ALL_FAILED = "FAILED"


class Command(OwnCommand):
    """Exit codes: 0 done, 1 something could not be done, 2 the command or a setting is wrong."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "init | worker | status | enqueue|pause|resume|retry SOURCE ... | retry FAILED"

    def short_desc(self) -> str:
        return "Crawl on many machines that share a PostgreSQL state"

    def long_desc(self) -> str:
        return (
            "init makes the queue in the state's PostgreSQL, or brings it up to date. worker takes crawls until it is "
            "stopped; start one on each machine. status shows who does what. enqueue has sources crawled next, pause "
            "and resume leave them alone and take them up again, retry crawls what failed (FAILED: all of it). "
            "STATE_URL says where (-s STATE_URL=postgresql://...)."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--concurrency", type=int, metavar="N", help="worker: crawls at once (two for each processor)"
        )
        parser.add_argument(
            "--only", metavar="SOURCES", help="worker: take only these, parted by commas; eg/* is all of a country"
        )
        parser.add_argument("--watch", action="store_true", help="status: until Ctrl-C")
        parser.add_argument("--json", action="store_true", help="status: one JSON object for programs")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Says in one sentence what cannot be done."""
        assert self.settings is not None
        for name, value in CLUSTER_DEFAULTS.items():
            self.settings.set(name, value, priority="default")
        actions: dict[str, Callable[[list[str], argparse.Namespace], None]] = {
            "init": self._init,
            "worker": self._work,
            "status": self._status,
            "enqueue": self._enqueue,
            "pause": self._pause,
            "resume": self._resume,
            "retry": self._retry,
        }
        try:
            import procrastinate  # noqa: F401
        except ImportError as error:
            self.fail(lacks(f"cluster needs {error.name}", "cluster"), USAGE)
            return
        from procrastinate.exceptions import ProcrastinateException

        from newscrawl.cluster.queue import SettingsError, check_schema, cluster_url

        try:
            if not args or args[0] not in actions:
                raise UsageError(f"{program()} cluster {', '.join(actions)}?")
            self._url = cluster_url(self.settings)
            if args[0] != "init":
                check_schema(self._url)
            actions[args[0]](args[1:], opts)
        except (UsageError, SettingsError) as error:
            self.fail(error, USAGE)
        except StorageError as error:
            self.fail(error, FAILED)
        except ProcrastinateException as error:
            self.fail(f"the queue fails: {error.__cause__ or error}".strip().splitlines()[0], FAILED)
        except KeyboardInterrupt:
            self.exitcode = _INTERRUPTED

    def _init(self, args: list[str], _opts: argparse.Namespace) -> None:
        from newscrawl.cluster.queue import make_schema
        from newscrawl.storage.state import State

        self._refuse(args)
        assert self.settings is not None
        # The state first: two machines that are set up at once wait for each other there.
        State(state_url(self.settings)).close()
        print(f"state and queue are {make_schema(self._url)}")

    def _work(self, args: list[str], opts: argparse.Namespace) -> None:
        from newscrawl.cluster.crawls import Options
        from newscrawl.cluster.worker import Worker

        self._refuse(args)
        settings = self.settings
        assert settings is not None
        slots = opts.concurrency if opts.concurrency is not None else 2 * (os.cpu_count() or 1)
        if slots < 1:
            raise UsageError(f"--concurrency {slots} is no number of crawls")
        spiders = self._spiders(opts.only)
        for spider in spiders:
            if why := complaint_of(spider.allowed_domains, settings.get("CONTACT")):
                raise UsageError(why)
        host = settings.get("HOST_NAME") or socket.gethostname()
        worker_of = Options(
            name=f"{host}:{os.getpid()}",
            host=host,
            url=self._url,
            sources=[spider.name for spider in spiders],
            slots=slots,
            data_dir=data_directory(settings),
            given=self._given(),
            heartbeat=settings.getint("CLUSTER_HEARTBEAT"),
            stalled_after=settings.getint("CLUSTER_STALLED_AFTER"),
            retries=settings.getint("CLUSTER_RETRIES"),
            grace=settings.getfloat("CLUSTER_GRACE"),
        )
        _log_to_stderr()
        # The source of a growing file may never come back to this machine, and no engine reads it as it is.
        self._heal(host, None)

        async def work() -> None:
            await Worker(worker_of, settings, partial(self._heal, host)).run()

        asyncio.run(work())

    def _heal(self, host: str, sources: Collection[str] | None) -> list[str]:
        """What killed crawls left of some sources, or of all; those that a run has."""
        from newscrawl.dedup.leftovers import heal_leftovers
        from newscrawl.storage.session import told

        settings = self.settings
        assert settings is not None
        leftovers = heal_leftovers(
            data_directory(settings),
            state_url(settings),
            sources=sources,
            host=host,
            compress=bool(settings.get("COMPRESS")),
            window_days=settings.getfloat("NEAR_DUPLICATE_WINDOW_DAYS", 30),
            on_forget=told(settings, ON_FORGET_BASE),
        )
        held = []
        for healed in leftovers:
            if healed.held:
                held.append(healed.source)
            said = "a run has it now" if healed.held else f"{healed.files} files of a killed crawl read in"
            more = f", {healed.elsewhere} lines left out that another machine has" if healed.elsewhere else ""
            # Of some, which are asked for every few seconds, it is said once that they are done.
            if sources is None or healed.files or healed.elsewhere:
                logger.info("%s: %s%s", healed.source, said, more)
        return held

    def _status(self, args: list[str], opts: argparse.Namespace) -> None:
        from newscrawl.cluster.status import read_status, show_status

        self._refuse(args)
        settings = self.settings
        assert settings is not None

        def look() -> dict[str, Any]:
            return read_status(self._url, settings, stalled_after=settings.getint("CLUSTER_STALLED_AFTER"))

        if opts.json:
            print_json(look())
            return
        from rich.console import Console
        from rich.live import Live

        console = Console()
        if not opts.watch:
            console.print(show_status(look()))
            return
        with Live(show_status(look()), console=console, auto_refresh=False, screen=console.is_terminal) as live:
            while True:
                time.sleep(_REFRESH)
                live.update(show_status(look()), refresh=True)

    def _enqueue(self, args: list[str], _opts: argparse.Namespace) -> None:
        from newscrawl.cluster.orders import enqueue

        names = self._named(args)
        for source in asyncio.run(enqueue(self._url, names)):
            print(f"{source} is being crawled now")

    def _pause(self, args: list[str], _opts: argparse.Namespace) -> None:
        from newscrawl.cluster.orders import pause

        assert self.settings is not None
        asyncio.run(pause(self._url, self.settings, self._named(args)))

    def _resume(self, args: list[str], _opts: argparse.Namespace) -> None:
        from newscrawl.cluster.orders import resume

        assert self.settings is not None
        resume(self.settings, self._named(args))

    def _retry(self, args: list[str], _opts: argparse.Namespace) -> None:
        from newscrawl.cluster.orders import failed, retry

        assert self.settings is not None
        names = failed(self.settings) if args in ([_ALL_FAILED], [_ALL_FAILED.lower()]) else self._named(args)
        asyncio.run(retry(self._url, self.settings, names))
        print(f"{len(names)} sources are tried again")

    def _refuse(self, args: list[str]) -> None:
        if args:
            raise UsageError(f"there is nothing to do with {' '.join(args)!r}")

    def _named(self, args: list[str]) -> list[str]:
        """The sources that were named; UsageError for one that there is not."""
        if not args:
            raise UsageError("which source?")
        assert self.settings is not None
        known = get_spider_loader(self.settings).list()
        for name in args:
            if name not in known or name == SiteSpider.name:
                close = difflib.get_close_matches(name, known, n=3)
                hint = f"did you mean {' or '.join(close)}?" if close else f"{program()} sources lists them"
                raise UsageError(f"there is no source {name!r}; {hint}")
        return list(dict.fromkeys(args))

    def _spiders(self, only: str | None) -> list[type[NewsSpider]]:
        """The sources that this machine knows; with `only`, those that it matches. UsageError when it matches none."""
        assert self.settings is not None
        loader = get_spider_loader(self.settings)
        known = [loader.load(name) for name in loader.list() if name != SiteSpider.name]
        spiders = [spider for spider in known if issubclass(spider, NewsSpider) and not is_demo(spider)]
        if only is None:
            return spiders
        found: dict[str, type[NewsSpider]] = {}
        for pattern in filter(None, map(str.strip, only.split(","))):
            matching = [spider for spider in spiders if _matches(spider, pattern)]
            if not matching:
                raise UsageError(f"--only {pattern}: there is no such source")
            found.update((spider.name, spider) for spider in matching)
        if not found:
            raise UsageError("--only names no source")
        return list(found.values())

    def _given(self) -> dict[str, Any]:
        """The settings of the command line: the crawls of a worker get them, too."""
        assert self.settings is not None
        return {
            name: self.settings[name]
            for name in self.settings
            if self.settings.getpriority(name) == SETTINGS_PRIORITIES["cmdline"] and not name.startswith("CLUSTER_")
        }


def _matches(spider: type[NewsSpider], pattern: str) -> bool:
    country = spider.publisher.country.lower()
    return fnmatch(spider.name, pattern) or fnmatch(f"{country}/{spider.name}", pattern)


def _log_to_stderr() -> None:
    """A line for the beginning and the end of each crawl; what goes wrong is said there in a sentence, not by the
    engine in a traceback."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    for name, level in (("procrastinate", logging.CRITICAL), ("psycopg.pool", logging.ERROR)):
        logging.getLogger(name).setLevel(level)
