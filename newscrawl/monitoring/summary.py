"""The summary at the end of a crawl: `runs/<run>.json` for programs, one table for people."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, ClassVar

from rich.console import Console
from rich.table import Table
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from newscrawl.items import Article
from newscrawl.monitoring.console import ErrorConsole
from newscrawl.monitoring.drift import FIELDS
from newscrawl.monitoring.health import health, named
from newscrawl.monitoring.metrics import write_metrics
from newscrawl.monitoring.runs import Run, read_runs
from newscrawl.monitoring.terminal import terminal_safe
from newscrawl.storage.errors import StorageError
from newscrawl.storage.session import Session

__all__ = ["Summary", "health", "summary_table"]

logger = logging.getLogger(__name__)

_MOST_CHANGED = 1000
_COLUMNS = ("stored", "changed", "same", "dup", "near", "rejected", "failed", "pages/s", "sec")
_WHY = (
    "left_out",
    "rejected",
    "failed",
    "gone",
    "blocked",
    "refused",
    "postponed",
    "reserved",
    "duplicates",
    "archive_damage",
    "healed",
    "field_errors",
    "watched",
)


class Summary:
    """Extension: keeps what a run came to and, when the last spider of the process is done, prints all of them.

    SUMMARY_PRINT = False leaves the printing out; nor is anything printed when logging is off.
    """

    _open: ClassVar[set[int]] = set()
    _done: ClassVar[list[Run]] = []

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._started = datetime.now(UTC)
        self._near_duplicates = 0
        self._changed: list[dict[str, Any]] = []
        self._filled: Counter[str] = Counter()
        self._layers: Counter[str] = Counter()
        self._words = 0
        settings = crawler.settings
        self._prints = settings.getbool("SUMMARY_PRINT", True) and settings.getbool("LOG_ENABLED")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Summary:
        """NotConfigured for spiders that have no session: other projects' own."""
        if not hasattr(crawler.spidercls, "publisher"):
            raise NotConfigured
        summary = cls(crawler)
        crawler.signals.connect(summary.spider_opened, signals.spider_opened)
        crawler.signals.connect(summary.item_scraped, signals.item_scraped)
        crawler.signals.connect(summary.spider_closed, signals.spider_closed)
        crawler.signals.connect(summary.engine_stopped, signals.engine_stopped)
        return summary

    def spider_opened(self) -> None:
        """The run begins."""
        self._started = datetime.now(UTC)
        self._open.add(id(self))

    def item_scraped(self, item: Any) -> None:
        """Notes what the article has, and whether it changed or resembles another."""
        if not isinstance(item, Article):
            return
        self._near_duplicates += item.duplicate_of is not None
        self._words += item.word_count
        self._filled.update(name for name in FIELDS if getattr(item, name))
        self._layers.update(f"{name} {layer}" for name, layer in item.provenance.items() if name in FIELDS)
        if item.version > 1 and len(self._changed) < _MOST_CHANGED:
            self._changed.append({"id": item.id, "url": item.url, "title": item.title, "version": item.version})

    def spider_closed(self, reason: str) -> None:
        """Writes the run."""
        session = Session.of(self._crawler)
        run = Run.of(
            self._crawler.stats.get_stats(),
            run=session.run_id,
            source=session.source,
            started_at=self._started,
            ended_at=datetime.now(UTC),
            reason=reason,
        )
        run.near_duplicates = self._near_duplicates
        run.changed = self._changed
        run.filled = dict(sorted(self._filled.items()))
        run.layers = dict(sorted(self._layers.items()))
        run.words = self._words
        try:
            run.write(session.data_dir)
        except StorageError as error:
            logger.error("The run's summary could not be written: %s", error)
        self._done.append(run)

    def engine_stopped(self) -> None:
        """Prints, below all that Scrapy logs at the end, when no other crawl is under way."""
        self._open.discard(id(self))
        if self._open or not self._done:
            return
        runs = sorted(self._done, key=lambda run: run.source)
        self._done.clear()
        self._write_metrics()
        if self._prints:
            print_summary(ErrorConsole(), runs)

    def _write_metrics(self) -> None:
        data_dir = Session.of(self._crawler).data_dir
        try:
            write_metrics(data_dir, read_runs(data_dir), datetime.now(UTC))
        except StorageError as error:
            logger.error("The metrics could not be written: %s", error)


def summary_table(runs: Iterable[Run]) -> Table:
    """One row a run.

    "changed" of the stored lines are new versions; "same" counts revisits that found the stored text, "dup" exact
    copies, "near" stored articles that resemble an earlier one, "failed" pages that could not be had.
    """
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column("source")
    for heading in _COLUMNS:
        table.add_column(heading, justify="right")
    table.add_column("ended")
    for run in runs:
        numbers = (
            run.stored,
            run.versions,
            run.unchanged,
            sum(run.duplicates.values()),
            run.near_duplicates,
            sum(run.rejected.values()),
            sum(run.failed.values()) + sum(run.gone.values()),
        )
        table.add_row(
            run.source, *map(str, numbers), f"{run.pages_per_second:.1f}", f"{run.seconds:.1f}", run.finish_reason
        )
    return table


def print_summary(console: Console, runs: list[Run]) -> None:
    """The table, then what needs an explanation."""
    console.print(summary_table(runs))
    for run in runs:
        for name in _WHY:
            if counts := getattr(run, name):
                console.print(f"{run.source}: {name}: {terminal_safe(named(counts))}", markup=False, highlight=False)
        for line, count in run.learned.items():
            console.print(f"{run.source}: recurs, dropped {count} times:", markup=False, highlight=False)
            console.print(f"  {terminal_safe(line)}", markup=False, highlight=False)
        for address in run.too_slow:
            console.print(f"{run.source}: too slow: {terminal_safe(address)}", markup=False, highlight=False)
        for change in run.changed:
            console.print(f"{run.source}: now version {change['version']}:", markup=False, highlight=False)
            # On a line of its own, so that the direction of the Arabic does not reorder the rest.
            console.print(f"  {terminal_safe(change['title'] or '')}", markup=False, highlight=False)
        if run.health:
            console.print(f"{run.source}: {run.health}", style="yellow", markup=False, highlight=False)
