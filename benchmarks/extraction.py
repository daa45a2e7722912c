"""How long it takes to make an article of a page.

    python benchmarks/extraction.py              times on the pages that are here
    python benchmarks/extraction.py --write      the same into docs/speed.md

Everything runs in this one process, page by page: lxml's parse of the bytes and nothing else, newscrawl from bytes to
Article with and without the publisher's rules, and the peers whose environments exist (their pure Python code is
imported from there; lxml is ours). Peers get the page as text that was decoded beforehand. A page's time is the best of
several rounds, in processor time of this thread: other work of the machine can only add to it.

The order is drawn anew for every round, and each starts with cold caches, as in a crawl, where other work lies between
two pages: whoever came right after somebody else who read the same page would find much of his work done.
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import logging
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

from lxml import html
from rich.console import Console
from rich.table import Table
from scoring import peers
from scoring.pages import Page, PageSet, repository_sets, shared_sets
from scoring.report import write_speed

from newscrawl import extract
from newscrawl.arabic import decode

PARSE, RULES, GENERIC = "lxml parse", "newscrawl, rules", "newscrawl, generic"
#: Peers whose dependencies can live in one process with ours.
PEERS = ("trafilatura", "trafilatura_fast", "newspaper4k", "goose3", "readability", "magic_html")
_LARGER_THAN_CACHES = 16 * 1024 * 1024
COLUMNS = ("median ms", "95 % ms", "x lxml", "x newscrawl")

Extractor = Callable[[Page, bytes, str], object]


@dataclass(frozen=True, slots=True)
class Timing:
    """The best time of every page, in seconds."""

    system: str
    seconds: list[float]

    def cells(self, parse: Timing, ours: Timing) -> list[str]:
        """COLUMNS: the median of all pages, what 95 % of them stay below, and the median of the pages' ratios."""
        tail = quantiles(self.seconds, n=20, method="inclusive")[-1] if len(self.seconds) > 1 else self.seconds[0]
        numbers = [median(self.seconds) * 1e3, tail * 1e3, self.ratio(parse), self.ratio(ours)]
        return [f"{number:.2f}" for number in numbers]

    def ratio(self, other: Timing) -> float:
        """How many times as long as another, at the median page."""
        return median(mine / theirs for mine, theirs in zip(self.seconds, other.seconds, strict=True))


def our_extractors() -> dict[str, Extractor]:
    """lxml alone, and newscrawl in both modes."""

    def parse(_page: Page, body: bytes, _text: str) -> object:
        return html.document_fromstring(body, parser=html.HTMLParser(encoding="utf-8"))

    def with_rules(page: Page, body: bytes, _text: str) -> object:
        return extract(body, url=page.url, fetched_at=page.fetched_at)

    def generic(page: Page, body: bytes, _text: str) -> object:
        return extract(body, url=page.url, fetched_at=page.fetched_at, generic=True)

    return {PARSE: parse, RULES: with_rules, GENERIC: generic}


def peer_extractors(console: Console) -> dict[str, Extractor]:
    """The peers that are installed and can be imported here; the others are named on the console."""
    here = [name for name in peers.installed() if name in PEERS]
    if not here:
        console.print(
            f"SKIPPED: the peers, because none is installed in {peers.folder()}", style="yellow", markup=False
        )
        return {}
    spec = importlib.util.spec_from_file_location("run_peers", peers.RUNNER)
    assert spec is not None
    assert spec.loader is not None
    runner = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(runner)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for name in dict.fromkeys(peers.ENVIRONMENTS[name] for name in here):
        sys.path.append(str(peers.folder() / f"venv-{name}" / "lib" / version / "site-packages"))
    logging.disable(logging.WARNING)  # some peers warn about every Arabic date
    found: dict[str, Extractor] = {}
    for name in here:
        try:
            found[name] = _peer(runner.MAKE[name]())
        except ImportError as error:
            console.print(f"SKIPPED: {name}, because {error}", style="yellow", markup=False)
    return found


def _peer(extractor: Callable[[bytes, str, str], Any]) -> Extractor:
    return lambda page, body, text: extractor(body, text, page.url)


def measure(pages: Sequence[Page], extractors: dict[str, Extractor], rounds: int) -> list[Timing]:
    """The best of `rounds` times of every extractor on every page."""
    best = {name: [float("inf")] * len(pages) for name in extractors}
    order = random.Random(0)
    other_work = bytes(_LARGER_THAN_CACHES)
    gc.collect()
    gc.disable()
    try:
        for place, page in enumerate(pages):
            body = page.path.read_bytes()
            text = decoded(body)
            for _ in range(rounds):
                for name, extractor in order.sample(list(extractors.items()), len(extractors)):
                    other_work.count(b"x")
                    before = time.thread_time()
                    extractor(page, body, text)
                    best[name][place] = min(best[name][place], time.thread_time() - before)
                gc.collect()
    finally:
        gc.enable()
    return [Timing(name, seconds) for name, seconds in best.items()]


def decoded(body: bytes) -> str:
    """The page as text, for those that want text."""
    return decode(body)[0]


def started(command: Sequence[str], times: int = 5) -> float:
    """The least processor time that a command took, in seconds."""
    best = float("inf")
    for _ in range(times):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        best = min(best, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return best


def start_times(page: Page) -> dict[str, float]:
    """What starting costs, in seconds of processor time."""
    python = sys.executable
    scrapy = [python, "-m", "scrapy"]
    return {
        "`python -c pass`": started([python, "-c", "pass"]),
        "`python -c 'import newscrawl'`": started([python, "-c", "import newscrawl"]),
        "`scrapy version`": started([*scrapy, "version"]),
        "`scrapy extract` of one page": started([*scrapy, "extract", "--url", page.url, str(page.path)]),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures, prints, writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="times that every page is read; the best counts")
    parser.add_argument("--write", action="store_true", help="write docs/speed.md")
    options = parser.parse_args(arguments)
    console = Console(width=None if sys.stdout.isatty() else 120)
    extractors = our_extractors() | peer_extractors(console)
    tables: list[tuple[PageSet, list[tuple[str, list[str]]]]] = []
    sets = [pages for pages in (*shared_sets(), *repository_sets()) if pages.name != "templates" and pages.pages]
    for pages in sets:
        timings = measure(pages.pages, extractors, options.rounds)
        parse, generic = timings[0], timings[2]
        rows = [(timing.system, timing.cells(parse, generic)) for timing in timings]
        tables.append((pages, rows))
        size = median(page.path.stat().st_size for page in pages.pages) / 1024
        table = Table(title=f"{pages.name}: {len(pages.pages)} pages, {size:.0f} KiB at the median")
        for column in ("", *COLUMNS):
            table.add_column(column, justify="right" if column else "left")
        for name, cells in rows:
            table.add_row(name, *cells)
        console.print(table)
    starts = start_times(sets[0].pages[0])
    for name, seconds in starts.items():
        console.print(f"{name}: {seconds:.2f} s", markup=False)
    if options.write:
        peer_names = [name for name in extractors if name in PEERS]
        console.print(f"wrote {write_speed(COLUMNS, tables, starts, peer_names, options.rounds).name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
