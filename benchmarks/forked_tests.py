"""Runs of pytest forked from a process that has loaded all but the program: for mutants.py.

Reads an order a line (JSON, see `Order`), and answers each by a line (`Told`). A new interpreter would take seconds for
pytest, Scrapy and SQLAlchemy alone, more than most tests that notice a fault.
"""

from __future__ import annotations

import importlib
import json
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

_LOADED = """
aiohttp duckdb fastwarc.warc flask hijridate hypothesis.strategies itemloaders lxml.html parsel psycopg rensa rich.table
scrapy.cmdline scrapy.core.downloader.handlers.http11 scrapy.core.engine scrapy.crawler scrapy.linkextractors
sqlalchemy.dialects.postgresql sqlalchemy.dialects.sqlite tldextract twisted.web.server warcio.warcwriter
""".split()
#: What `failed` says of tests that could not be loaded, and of a run that was ended from outside.
NOT_LOADED, NOT_ENDED = "loading", "ended"


@dataclass(frozen=True, slots=True)
class Order:
    """One run: pytest's arguments; tests (node ids) in the order in which they go first; seconds for all and for each;
    files of which is told who reaches which line."""

    arguments: list[str]
    first: list[str] = field(default_factory=list)
    seconds: float = 1800
    each: float = 900
    traced: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Told:
    """What came of it: the first test that failed ("" when all passed), seconds of each test that ran, and by file and
    test the lines that it reached in the process itself."""

    failed: str = ""
    seconds: dict[str, float] = field(default_factory=dict)
    lines: dict[str, dict[str, list[int]]] = field(default_factory=dict)


class _Watch:
    """A plugin of pytest: puts tests in order, ends one that takes too long, and notes what an order asks for."""

    def __init__(self, order: Order, answer: Callable[[Told], None]) -> None:
        self._order = order
        self._answer = answer
        self._lines: dict[str, dict[str, set[int]]] = {path: defaultdict(set) for path in order.traced}
        self._test = ""
        self.told = Told()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        place = {name: number for number, name in enumerate(self._order.first)}
        items.sort(key=lambda item: place.get(item.nodeid, len(place)))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.told.failed = self.told.failed or NOT_LOADED

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.told.failed = self.told.failed or report.nodeid

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._test = item.nodeid
        began = time.monotonic()
        watch = threading.Timer(self._order.each, self._late)
        watch.daemon = True
        watch.start()
        if self._lines:
            threading.settrace(self._called)
            sys.settrace(self._called)
        try:
            return (yield)
        finally:
            sys.settrace(None)
            watch.cancel()
            self.told.seconds[item.nodeid] = time.monotonic() - began

    def finish(self) -> Told:
        """What is known at the end."""
        self.told.lines = {
            path: {test: sorted(lines) for test, lines in tests.items()} for path, tests in self._lines.items()
        }
        return self.told

    def _late(self) -> None:
        self._answer(Told(failed=self._test))
        os._exit(0)

    def _called(self, frame: FrameType, *_: Any) -> Callable[..., Any] | None:
        tests = self._lines.get(frame.f_code.co_filename)
        if tests is None:
            return None
        lines = tests[self._test]
        lines.add(frame.f_lineno)

        def stepped(inner: FrameType, *_: Any) -> Callable[..., Any]:
            lines.add(inner.f_lineno)
            return stepped

        return stepped


def _run(order: Order, answer: Path) -> None:
    os.setsid()
    # A program in the background is started with it ignored, and so would be all that tests start.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)

    def write(told: Told) -> None:
        answer.write_text(json.dumps(asdict(told)), encoding="utf-8")

    watch = _Watch(order, write)
    code = pytest.main(["-x", "-p", "no:cacheprovider", *order.arguments], plugins=[watch])
    told = watch.finish()
    if code and not told.failed:
        told.failed = NOT_LOADED
    write(told)
    os._exit(0)


def _serve(order: Order) -> Told:
    with tempfile.TemporaryDirectory() as directory:
        answer = Path(directory) / "told.json"
        answer.touch()
        process = multiprocessing.get_context("fork").Process(target=_run, args=(order, answer))
        process.start()
        process.join(order.seconds)
        assert process.pid is not None
        with suppress(ProcessLookupError):  # nothing that it started is left either
            os.killpg(process.pid, signal.SIGKILL)
        process.join()
        text = answer.read_text(encoding="utf-8")
    return Told(**json.loads(text)) if text else Told(failed=NOT_ENDED)


def main() -> None:
    """Answers until the input ends."""
    for name in _LOADED:
        importlib.import_module(name)
    loaded = {name.partition(".")[0] for name in sys.modules}
    assert not loaded & {"newscrawl", "tests"}, "the program would not be loaded anew"
    assert "twisted.internet.reactor" not in sys.modules, "tests choose their reactor"
    for line in sys.stdin:
        print(json.dumps(asdict(_serve(Order(**json.loads(line))))), flush=True)


if __name__ == "__main__":
    main()
