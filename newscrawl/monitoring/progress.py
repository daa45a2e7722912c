"""The live lines of a crawl on a terminal; silent where there is none."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from contextlib import suppress
from typing import ClassVar

from rich.console import Console
from rich.file_proxy import FileProxy
from rich.live import Live
from rich.text import Text
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from newscrawl.monitoring.console import ErrorConsole
from newscrawl.monitoring.health import total
from newscrawl.monitoring.telling import JSON

_REFRESH = 0.5
_GAP = 2
_NAME_MIN = 8


class Board:
    """The live lines of all crawls of the process, one below the other."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live: Live | None = None
        self._lines: list[Progress] = []
        self._task: asyncio.Task[None] | None = None
        self._streams: list[tuple[logging.StreamHandler[FileProxy], object]] = []

    def add(self, line: Progress) -> None:
        """Shows one more crawl; the first starts the display."""
        self._lines.append(line)
        if self._live is None:
            self._live = Live(
                console=self._console, auto_refresh=False, transient=True, redirect_stdout=False, redirect_stderr=False
            )
            self._live.start()
            self._lift_log()
            self._task = asyncio.get_running_loop().create_task(self._refresh())

    def remove(self, line: Progress) -> None:
        """Takes a crawl away; the last one ends the display."""
        if line in self._lines:
            self._lines.remove(line)
        if not self._lines:
            self.stop()

    def stop(self) -> None:
        """Clears the display and gives the log its stream back."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if self._live is not None:
            self._live.stop()
            self._live = None
        for handler, stream in self._streams:
            handler.setStream(stream)  # type: ignore[arg-type]
        self._streams.clear()

    async def _refresh(self) -> None:
        with suppress(asyncio.CancelledError):
            while self._live is not None:
                self._live.update(table(self._lines, self._console.width), refresh=True)
                await asyncio.sleep(_REFRESH)

    def _lift_log(self) -> None:
        """Log lines go above the live lines in place of through them."""
        for handler in logging.root.handlers:
            if isinstance(handler, logging.StreamHandler) and handler.stream is sys.stderr:
                self._streams.append((handler, handler.stream))
                handler.setStream(FileProxy(self._console, handler.stream))


class Progress:
    """Extension: one crawl's line, while standard error is a terminal. PROGRESS = False switches it off, and
    json makes lines for programs of it (monitoring.telling)."""

    _board: ClassVar[Board | None] = None

    def __init__(self, crawler: Crawler, board: Board) -> None:
        self._crawler = crawler
        self._board_used = board
        self._started = time.monotonic()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Progress:
        """NotConfigured without a terminal."""
        console = ErrorConsole()
        told = crawler.settings.get("PROGRESS") == JSON
        if told or not console.is_terminal or not crawler.settings.getbool("PROGRESS", True):
            raise NotConfigured
        if Progress._board is None:
            Progress._board = Board(console)
        progress = cls(crawler, Progress._board)
        crawler.signals.connect(progress.spider_opened, signals.spider_opened)
        crawler.signals.connect(progress.spider_closed, signals.spider_closed)
        return progress

    def spider_opened(self) -> None:
        """Shows the line."""
        self._started = time.monotonic()
        self._board_used.add(self)

    def spider_closed(self) -> None:
        """Takes the line away."""
        self._board_used.remove(self)

    def row(self) -> dict[str, Text]:
        """What stands in each column now."""
        stats = self._crawler.stats.get_stats()
        seconds = max(time.monotonic() - self._started, 0.001)
        numbers = {
            "stored": total(stats, "stored"),
            "known": total(stats, "duplicates") + total(stats, "unchanged"),
            "rejected": total(stats, "rejected"),
            "errors": total(stats, "failed") + stats.get("spider_exceptions/count", 0),
            "queue": self._queue(),
        }
        alarming = "errors" if numbers["errors"] else None
        cells = {name: Text(str(number), "red" if name == alarming else "") for name, number in numbers.items()}
        speed = Text(f"{stats.get('response_received_count', 0) / seconds:.1f}")
        return {"source": Text(self._crawler.spidercls.name, "bold"), **cells, "pages/s": speed}

    def _queue(self) -> int:
        engine = self._crawler.engine
        if engine is None or engine.scheduler is None:
            return 0
        return len(engine.scheduler) + len(engine.downloader.active)  # type: ignore[arg-type]


def table(lines: list[Progress], width: int) -> Text:
    """A line for each crawl below one heading, in so many columns. Long names are cut, numbers are not."""
    rows = [line.row() for line in lines]
    heading = [Text(name, "dim") for name in rows[0]]
    names, *columns = zip(*(heading, *(row.values() for row in rows)), strict=True)
    widths = [max(map(len, column)) + _GAP for column in columns]
    room = max(_NAME_MIN, min(max(map(len, names)), width - sum(widths)))
    for name in names:
        name.truncate(room, overflow="ellipsis", pad=True)
    for column, wide in zip(columns, widths, strict=True):
        for cell in column:
            cell.align("right", wide)
    return Text("\n", no_wrap=True).join(Text.assemble(*cells) for cells in zip(names, *columns, strict=True))
