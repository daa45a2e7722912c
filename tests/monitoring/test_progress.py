"""The live line: on a terminal, and nowhere else."""

from __future__ import annotations

import asyncio
import io
import logging
import sys
from typing import Any, cast

import pytest
from rich.console import Console
from scrapy.exceptions import NotConfigured
from scrapy.utils.test import get_crawler

from newscrawl.monitoring import progress
from newscrawl.monitoring.progress import Board, Progress, table
from newscrawl.spiders.demo.aldifaf import Aldifaf


class _Stats:
    def __init__(self, **stats: int) -> None:
        self._stats = stats

    def get_stats(self) -> dict[str, int]:
        return {name.replace("__", "/"): value for name, value in self._stats.items()}


class _Crawler:
    engine = None
    spidercls = Aldifaf

    def __init__(self, **stats: int) -> None:
        self.stats = _Stats(**stats)


def a_line(board: Board, **stats: int) -> Progress:
    return Progress(cast(Any, _Crawler(**stats)), board)


def test_nothing_without_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with pytest.raises(NotConfigured):
        Progress.from_crawler(get_crawler(Aldifaf))


def test_it_can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "Console", lambda **_: Console(file=io.StringIO(), force_terminal=True))
    with pytest.raises(NotConfigured):
        Progress.from_crawler(get_crawler(Aldifaf, {"PROGRESS": False}))


def test_the_line_counts() -> None:
    board = Board(Console(file=io.StringIO()))
    stats = {
        "newscrawl__stored": 12,
        "newscrawl__duplicates__near": 2,
        "newscrawl__unchanged": 1,
        "newscrawl__rejected__no-body": 3,
        "newscrawl__failed__timeout": 4,
        "response_received_count": 40,
    }
    row = {name: cell.plain for name, cell in a_line(board, **stats).row().items()}
    assert float(row.pop("pages/s")) > 0
    assert row == {"source": "aldifaf", "stored": "12", "known": "3", "rejected": "3", "errors": "4", "queue": "0"}


@pytest.mark.parametrize("width", [64, 80, 200])
def test_it_fits_the_terminal_whatever_the_name_and_the_numbers(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Aldifaf, "name", "a_paper_with_a_name_as_long_as_a_sentence_of_its_editor")
    board = Board(Console(file=io.StringIO()))
    stats = {"newscrawl__stored": 1234567, "newscrawl__unchanged": 7654321, "response_received_count": 123456}
    out = io.StringIO()
    Console(file=out, width=width).print(table([a_line(board, **stats), a_line(board)], width))
    heading, first, second = out.getvalue().splitlines()
    assert max(map(len, (heading, first, second))) <= width
    assert heading.split() == ["source", "stored", "known", "rejected", "errors", "queue", "pages/s"]
    assert {"1234567", "7654321"} <= set(first.split())
    assert second.split()[1:] == ["0", "0", "0", "0", "0", "0.0"]


def test_two_crawls_share_one_display_and_log_lines_go_above_it(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    monkeypatch.setattr(sys, "stderr", out)
    handler = logging.StreamHandler(out)
    logging.root.addHandler(handler)
    board = Board(Console(file=out, force_terminal=True, width=100))

    async def crawl() -> None:
        first, second = a_line(board, newscrawl__stored=1), a_line(board, newscrawl__stored=2)
        board.add(first)
        board.add(second)
        await asyncio.sleep(0)
        logging.getLogger("test").error("a log line")
        board.remove(first)
        assert board._live is not None
        board.remove(second)

    try:
        asyncio.run(crawl())
    finally:
        logging.root.removeHandler(handler)
    assert board._live is None
    assert handler.stream is out
    text = out.getvalue()
    assert text.count("aldifaf") >= 4, "drawn, and drawn again below the log line"
    assert text.index("a log line") < text.rindex("aldifaf")
    assert "\x1b[?25h" in text, "the cursor is shown again"
